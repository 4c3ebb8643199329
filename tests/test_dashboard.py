"""The performance dashboard: its tiles, its icons, and what it says on any day."""

from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st

from helpers import dashboard, evidence, measures, realisation, trajectories
from helpers.dashboard import findings, icons, owners
from helpers.dashboard import tile as words
from helpers.process_control import Assurance, Variation, xmr

TODAY = date(2026, 11, 22)
PROVIDERS = "providers-against-targets"


def tile(board: pd.DataFrame, measure: str, area: str) -> pd.Series:
    found = board[(board["measure"] == measure) & (board["area"] == area)]
    assert len(found) == 1
    return found.iloc[0]


def months(first: date, count: int) -> list[date]:
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(count)
    ]


def observations(measure: str, area: str, values: list[float]) -> str:
    lines = [
        f"{measure},{area},{day},{value},A survey"
        for day, value in zip(months(date(2023, 1, 1), len(values)), values, strict=True)
    ]
    return "\n".join(["indicator,area,date,value,source", *lines, ""])


class TestTiles:
    """Of the book's own evidence."""

    @pytest.fixture(autouse=True)
    def _evidence(self, book_evidence: None) -> None:
        pass

    def test_every_content_that_the_case_asks_for_is_a_section(self) -> None:
        asked = [
            row["item"]
            for row in evidence.rows("dashboard-contents")
            if row["kind"] == "dashboard content"
        ]
        assert list(dashboard.SECTIONS)[: len(asked)] == asked

    def test_every_measure_and_indicator_has_a_tile(self) -> None:
        board = dashboard.tiles(TODAY)
        wanted = {
            PROVIDERS: {row["measure"] for row in evidence.rows("measures")},
            "acv-against-sla": {row["kpi"] for row in evidence.rows("benefit-kpis")},
            "plan-2024": {row["indicator"] for row in evidence.rows("indicators")},
        }
        for section, names in wanted.items():
            assert set(board.loc[board["section"] == section, "measure"]) == names
        volume = {row["metric"] for row in evidence.rows("volume-metrics")}
        ways = {row["item_id"] for row in evidence.rows("productivity-levels")}
        assert volume | ways < set(board["measure"])

    def test_no_tile_has_an_empty_text(self) -> None:
        board = dashboard.tiles(TODAY)
        texts = ["title", "place", "latest", "target", "variation", "assurance", "better", "owner"]
        assert (board[texts].map(str.strip) != "").all(axis=None)

    def test_counts_add_up_to_the_tiles(self) -> None:
        board = dashboard.tiles(TODAY)
        counts = dashboard.section_counts(board)
        assert counts["tiles"].sum() == len(board)
        assert (counts[list(dashboard.EXTENTS)].sum(axis=1) == counts["tiles"]).all()

    def test_tile_of_a_held_series_shows_its_last_value(self) -> None:
        row = tile(dashboard.tiles(TODAY), "cancer-62-day", "RYJ")
        held = [each for each in evidence.rows("cancer-62-day") if each["provider_code"] == "RYJ"]
        last = max(held, key=lambda each: each["month"])
        assert row["value"] == last["percent_within"]
        assert row["dated"].date() == last["month"]
        assert row["latest"] == f"{last['percent_within']:.1f}% in {last['month']:%b %Y}"
        assert row["target"] == f"{measures.known()['cancer-62-day'].standard:g}% or more"
        assert row["variation"].endswith("Common cause")
        assert row["assurance"] == "F Consistently falling short"

    def test_day_of_march_shows_march_once_it_is_over(self) -> None:
        shown = {
            day: tile(dashboard.tiles(day), "ae-4-hour", "R1K")["dated"].date()
            for day in (date(2025, 3, 30), date(2025, 3, 31))
        }
        assert list(shown.values()) == [date(2025, 2, 1), date(2025, 3, 1)]

    @pytest.mark.parametrize(
        "day", [date(2005, 1, 1), date(2024, 2, 29), date(2024, 7, 5), date(2025, 3, 31), TODAY]
    )
    def test_nothing_is_dated_later_than_the_day(self, day: date) -> None:
        dated = dashboard.tiles(day)["dated"].dropna()
        assert (dated <= pd.Timestamp(day)).all()

    def test_day_before_any_series_says_that_no_data_is_held(self) -> None:
        board = dashboard.tiles(date(2005, 1, 1))
        providers = board[board["section"] == PROVIDERS]
        assert (providers["latest"] == dashboard.NO_DATA).all()
        assert (providers["place"] == dashboard.EVERYONE).all()
        assert dashboard.competencies(date(2005, 1, 1)).empty
        assert not (board["holding"] == dashboard.SERIES).any()

    def test_tracker_shows_a_baseline_only_where_the_register_has_one(self) -> None:
        board = dashboard.tiles(TODAY)
        own = board[board["section"] == "acv-against-sla"].set_index("measure")
        register = realisation.register().set_index("item")
        for name, row in own.iterrows():
            measurable = register.loc[name, "status"] == realisation.MEASURABLE
            assert (row["holding"] == dashboard.BASELINE) == measurable

    def test_competency_above_the_rest_of_england_is_said_to_be(self) -> None:
        scores = dashboard.competencies(TODAY).set_index("competency")
        for _, row in scores.iterrows():
            word = "above" if row["nwl"] > row["england"] else "below"
            assert row["position"].endswith(word)
        assert scores["difference"].max() > 0 > scores["difference"].min()

    def test_owners_of_a_cell_that_spans_rows_hold_for_each_of_them(self) -> None:
        for row in evidence.rows("aim-owners"):
            if row["body"]:
                assert row["owner"] in owners.aim_owners(row["last_aim_id"]).split("; ")
        assert owners.aim_owners(None) == owners.NO_OWNER


class TestDropped:
    """Of files that an analyst adds."""

    def test_new_series_fills_its_tile(self, copied_project: Project) -> None:
        before = dashboard.tiles(TODAY)
        assert tile(before, "rtt-over-52-weeks", "nwl")["latest"] == dashboard.NO_DATA
        copied_project.write(
            "data/observations/x.csv", observations("rtt-over-52-weeks", "RYJ", [900, 850.5])
        )
        row = tile(dashboard.tiles(TODAY), "rtt-over-52-weeks", "RYJ")
        assert row["latest"] == "850.5 pathways in Feb 2023"
        assert row["target"] == "None held"
        assert row["better"] == "Lower is better"
        assert row["variation"] == "Too few points: 11 more needed"

    def test_standard_that_asks_for_less_is_met_from_above(self, copied_project: Project) -> None:
        falling = [20 - n / 2 + n % 2 for n in range(20)]
        copied_project.write(
            "data/observations/x.csv", observations("elective-wait-52-weeks", "nwl", falling)
        )
        row = tile(dashboard.tiles(TODAY), "elective-wait-52-weeks", "nwl")
        assert row["section"] == "plan-2024"
        assert row["assurance"] == "P Consistently passing"
        assert row["variation"].startswith("◆ L ")

    def test_bases_of_one_trust_are_tiles_of_their_own(self, copied_project: Project) -> None:
        copied_project.write(
            "data/observations/x.csv",
            "indicator,area,date,value,source,basis\n"
            "ae-4-hour,RYJ,2025-07-01,70,A survey,all attendances\n",
        )
        board = dashboard.tiles(TODAY)
        found = board[(board["measure"] == "ae-4-hour") & (board["area"] == "RYJ")]
        assert dict(zip(found["place"], found["points"], strict=True)) == {
            "Imperial College Healthcare": 1,
            "Imperial College Healthcare (attendances low)": 11,
        }

    @pytest.mark.parametrize("count", [1, 2, 400])
    def test_series_of_any_length_makes_a_tile(self, copied_project: Project, count: int) -> None:
        days = [date(2020, 1, 2) + timedelta(days=n) for n in range(count)]
        rows = "".join(f"diagnostic-6-weeks,nwl,{day},80,A survey\n" for day in days)
        copied_project.write("data/observations/x.csv", f"indicator,area,date,value,source\n{rows}")
        row = tile(dashboard.tiles(TODAY), "diagnostic-6-weeks", "nwl")
        assert row["points"] == count
        assert row["dated"].date() == days[-1]
        assert row["latest"] == f"80.0% in {days[-1].day} {days[-1]:%b %Y}"


class TestIcons:
    def test_every_reading_has_an_icon_and_its_meaning(self) -> None:
        key = dashboard.icon_key()
        assert set(icons.VARIATION) == set(Variation)
        assert set(icons.ASSURANCE) == set(Assurance)
        assert list(key["meaning"]) == [each.words for each in (*Variation, *Assurance)]

    def test_icons_of_one_kind_differ_without_colour(self) -> None:
        key = dashboard.icon_key()
        assert not key.duplicated(["kind", "icon"]).any()

    def test_special_causes_bear_shape_and_letter(self) -> None:
        for reading, (shape, _) in icons.VARIATION.items():
            assert bool(shape) == (reading is not Variation.TOO_FEW)
            assert bool(reading.letter) == reading.special

    def test_both_icons_say_the_same_thing_once(self) -> None:
        assert icons.both_icons("Too few points: two more needed", "Too few points") == (
            "Too few points: two more needed"
        )
        assert icons.both_icons("■ L Concerning", "? Hit and miss") == (
            "■ L Concerning; ? Hit and miss"
        )

    @given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.booleans())
    def test_icon_says_what_the_chart_says(self, values: list[float], upward: bool) -> None:
        chart = xmr(
            values,
            months(date(2020, 1, 1), len(values)),
            "increase" if upward else "decrease",
            50,
        )
        said = dashboard.variation_icon(chart)
        assert said.split(":")[0] in set(dashboard.icon_key()["icon"])
        assert ("needed" in said) == (len(values) < 13)
        assert dashboard.assurance_icon(chart) in set(dashboard.icon_key()["icon"])


class TestFindings:
    @staticmethod
    def board(*assurances: str, variation: str = "○ Common cause") -> pd.DataFrame:
        return pd.DataFrame(
            {
                "section": PROVIDERS,
                "holding": dashboard.SERIES,
                "area": "RYJ",
                "assurance": list(assurances),
                "variation": variation,
                "value": 80.0,
                "aim": 85.0,
                "better": words.HIGHER,
                "dated": pd.Timestamp("2025-03-01"),
            }
        )

    @pytest.fixture(autouse=True)
    def _evidence(self, book_evidence: None) -> None:
        pass

    @pytest.mark.parametrize(
        ("assurances", "said"),
        [
            (
                ["Too few points"],
                "No trust's series has enough points yet to be compared with a standard.",
            ),
            (
                ["F Consistently falling short"],
                "One series of trusts has enough points to be judged against a standard: "
                "it consistently falls short.",
            ),
            (
                ["? Hit and miss", "P Consistently passing", "P Consistently passing"],
                "Three series of trusts have enough points to be judged against a standard: "
                "one hits and misses and two consistently pass.",
            ),
        ],
    )
    def test_assured_counts_each_reading(self, assurances: list[str], said: str) -> None:
        assert dashboard.assured(self.board(*assurances)) == said

    @pytest.mark.parametrize(
        ("variation", "said"),
        [
            ("Too few points: two more needed", "Whether any of them has changed cannot be told"),
            ("○ Common cause", "None of them shows a change"),
            ("■ L Concerning", "Two show a special cause at the last point."),
        ],
    )
    def test_varied_counts_special_causes(self, variation: str, said: str) -> None:
        board = self.board("? Hit and miss", "? Hit and miss", variation=variation)
        assert dashboard.varied(board).startswith(said)

    def test_values_count_as_met_by_their_direction(self) -> None:
        board = self.board("? Hit and miss", "? Hit and miss")
        assert dashboard.against_target(board).startswith(
            "None of two latest values of trusts meet "
        )
        board.loc[0, "better"] = words.LOWER
        assert dashboard.against_target(board).startswith(
            "One of two latest values of trusts meets"
        )

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (date(2025, 3, 31), "the month of this page."),
            (date(2025, 4, 1), "one month before the month of this page."),
            (date(2027, 3, 1), "24 months before the month of this page."),
        ],
    )
    def test_newest_says_how_old_the_values_are(self, day: date, said: str) -> None:
        assert dashboard.newest(self.board("? Hit and miss"), day) == (
            f"The newest value held is of March 2025, {said}"
        )

    @pytest.mark.parametrize("day", [date(2005, 1, 1), date(2024, 7, 5), TODAY, date(2030, 1, 1)])
    def test_overview_is_short_enough_for_a_title(self, day: date) -> None:
        assert len(dashboard.overview(dashboard.tiles(day)).split()) <= 15

    def test_remark_on_some_tiles_names_them(self) -> None:
        board = pd.DataFrame({"place": ["A", "B"], "notes": [("All.", "Some."), ("All.",)]})
        assert dashboard.remarks(board) == "- All.\n- A: Some."


def test_choices_in_reading_charts_name_settings_that_exist(book_evidence: None) -> None:
    names = {
        "shift_points", "trend_points", "least_points", "section_points", "section_least",
        "range_factor",
    }  # fmt: skip
    used: set[str] = set()

    class Noted(dict[str, str]):
        def __missing__(self, key: str) -> str:
            used.add(key)
            return ""

    for row in evidence.rows("control-chart-choices"):
        written = row["here"].format_map(Noted())
        assert not any(letter.isdigit() for letter in written), row["here"]
    assert used == names


def test_months_of_a_series_are_cut_and_not_changed(book_evidence: None) -> None:
    whole = {(s.measure, s.area, s.basis): s for s in trajectories.attached()}
    for series in dashboard.held_series(date(2025, 3, 15)):
        known = whole[series.measure, series.area, series.basis]
        assert series.dates == known.dates[: len(series.dates)]
        assert series.values == known.values[: len(series.values)]
        assert series.dates[-1] < date(2025, 3, 1) <= known.dates[-1]


def test_findings_keep_to_trusts(book_evidence: None) -> None:
    board = dashboard.tiles(TODAY)
    assert "england" in set(board["area"])
    assert set(findings.of_trusts(board)["area"]) <= set(measures.organisations(measures.TRUST))
