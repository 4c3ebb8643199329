import pandas as pd
import pytest

from helpers.errors import ExhibitError
from helpers.sources import places_of, source_line


def rows(*places: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["source_id", "locator"])


def line(*places: tuple[str, str]) -> str:
    return source_line([rows(*places)])


def test_a_place_is_named_once_after_its_document(project):
    assert line(("case", "Table 10"), ("case", "Table 10")) == "Case, 2009, Table 10"


def test_places_of_one_document_stand_together_in_the_order_met(project):
    assert line(("case", "Table 10"), ("case", "Appendix D")) == (
        "Case, 2009, Table 10; Appendix D"
    )


def test_documents_stand_in_the_order_met_across_frames(project):
    first, second = rows(("plan", "Page 3")), rows(("case", "Table 1"), ("plan", "Page 4"))
    assert source_line([first, second]) == "Plan, 2024, Page 3; Page 4. Case, 2009, Table 1"


def test_places_that_share_a_first_part_are_folded(project):
    assert line(("case", "Appendix D, Brent"), ("case", "Appendix D, Ealing")) == (
        "Case, 2009, Appendix D, Brent and Ealing"
    )


@pytest.mark.parametrize(("pages", "counted"), [(3, False), (4, True), (8, True)])
def test_more_than_three_places_of_one_part_are_counted(project, pages, counted):
    text = line(*(("case", f"Appendix D, page {page}") for page in range(pages)))
    assert (text == f"Case, 2009, Appendix D ({pages} places)") == counted
    assert ("page 0" in text) != counted


def test_a_part_named_as_a_whole_covers_its_places(project):
    assert line(("case", "Part 3"), ("case", "Part 3, section 2")) == "Case, 2009, Part 3"


@pytest.mark.parametrize("frames", [[], [rows()]])
def test_no_row_is_no_source(project, frames):
    with pytest.raises(ExhibitError, match="needs at least one row with its source"):
        source_line(frames)


def test_an_unknown_source_is_answered_with_the_known_ones(project):
    with pytest.raises(ExhibitError, match="no source 'cas': expected one of plan, case"):
        line(("cas", "Table 1"))


def test_rows_without_their_place_are_refused(project):
    with pytest.raises(ExhibitError, match="need the columns source_id and locator"):
        source_line([rows(("case", "Table 1")).drop(columns="locator")])


def test_places_all_over_a_document_are_counted(project):
    places = [("case", f"Table {number}") for number in range(1, 10)]
    assert line(*places) == "Case, 2009, 9 places"


def test_places_are_kept_whole_for_whoever_traces_a_figure(project):
    first = rows(("plan", "Page 3"), ("case", "Table 1"), ("plan", "Page 3"))
    assert places_of([first, rows(("plan", "Page 4"))]) == {
        "plan": ["Page 3", "Page 4"],
        "case": ["Table 1"],
    }
