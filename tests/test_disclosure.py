"""Suppressed counts: none left in anything built, and none to be had by subtraction."""

import base64
import csv
import hashlib
import io
import itertools
import json
import pickle
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bad_input.project import make_project
from builder_books import (
    FILLER,
    Command,
    code,
    copy_evidence,
    edit,
    entered,
    make_book,
    prose,
    write_notebook,
)
from document_texts import READERS
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from helpers import data_package, disclosure, evidence, observations
from helpers.disclosure import Rule, hidden_rows, rule_of, suppressed
from helpers.errors import EvidenceError
from helpers.sealed import unsealed
from helpers.tables import Number, table_markup, to_csv
from nwlbook import cli
from nwlbook.explain import explanation
from nwlbook.provenance import ledger

pytest_plugins = ["builder_fixtures"]

# Numbers that nothing else in a built book holds: what is suppressed, as a count and its rate.
PACKED = re.compile(rb"bdata\W+([A-Za-z0-9+/]+=*)\W+dtype\W+([fiu][1248])\b")
PICKLED = {"chapters", "staged"}
SECRETS = {"Ash": 731_907, "Birch": 731_909, "Cedar": 918_273}
SHOWN = {"Elm": 963_852, "Fir": 978_417}
RATES = {name: f"0.{count + 13_579}" for name, count in (SECRETS | SHOWN).items()}
WARDS = "ward,area,patients,rate,source_id,locator\n" + "".join(
    f"{name},{'brent' if name != 'Birch' else 'ealing'},{count},{RATES[name]},survey,Table 2\n"
    for name, count in (SECRETS | SHOWN).items()
)
FIELDS = """\
- name: wards
  path: wards.csv
  encoding: utf-8
  disclosure: {threshold: 910000, counts: [patients], derived: [rate], within: [area]}
  schema:
    fields:
    - {name: ward, type: string, constraints: {required: true}}
    - {name: area, type: string}
    - {name: patients, type: integer, constraints: {required: true}}
    - {name: rate, type: number}
    - {name: source_id, type: string}
    - {name: locator, type: string}
    primaryKey: ward
"""
ROOMY = "ward,area,patients,rate,source_id,locator\n" + "".join(
    f"Ward {number},brent,{number},0.5,survey,Table {number}\n" for number in range(2000)
)
CHAPTER = (
    code('scenario = "mid"', "parameters"),
    code(
        "import plotly.graph_objects as go\n"
        "from helpers import evidence\n"
        "from helpers.downloads import offer_download\n"
        "from helpers.figures import show_figure\n"
        "from helpers.tables import Number, show_table\n\n"
        'wards = evidence.load("wards")\n'
        'most = wards["patients"].max()'
    ),
    prose(f"# Wards {{#sec-wards}}\n\nAt most `{{python}} most` patients, @tbl-wards. {FILLER}"),
    code(
        'show_table(wards, label="tbl-wards", caption="Patients by ward", '
        'columns={"ward": "Ward", "patients": Number("Patients"), "rate": Number("Rate", 6)}, '
        "sources=[wards])"
    ),
    prose("The same in @fig-wards."),
    code(
        'show_figure(go.Figure(go.Scatter(x=wards["ward"], y=wards["patients"], '
        'text=wards["rate"])), label="fig-wards", finding="Wards differ in their patients", '
        'subtitle="Patients by ward", alternative="Points for the patients of five wards by '
        'name", data=wards, columns={"ward": "Ward", "patients": Number("Patients")}, '
        "sources=[wards])"
    ),
    code('offer_download(wards, name="all-wards", title="every ward", sources=[wards])'),
)


def add_wards(root: Path) -> None:
    """Add a table with small counts, and a chapter that shows it in each way there is."""
    with (root / "data" / "datapackage.yaml").open("a") as descriptor:
        descriptor.write(FIELDS)
    (root / "data" / "wards.csv").write_text(WARDS)
    write_notebook(root, "wards", *CHAPTER)
    edit(
        root / "_quarto.yml",
        "        - notebooks/beds.ipynb\n",
        "        - notebooks/beds.ipynb\n        - notebooks/wards.ipynb\n",
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a book with suppressed counts, built to every format."""
    root = make_book(tmp_path_factory.mktemp("book") / "wards")
    add_wards(root)
    asked = ["nwlbook", "build", "--to", "html,pdf,docx,epub"]
    with entered(root), pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", asked)
        patch.setenv("CI", "true")
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
        yield root


def numbers_of_charts(content: bytes) -> bytes:
    """Return the numbers that plotly has written as the base64 of their bytes."""
    packed = PACKED.findall(content)
    values = (np.frombuffer(base64.b64decode(part), kind.decode()) for part, kind in packed)
    return " ".join(f"{value:.10g}" for part in values for value in part.tolist()).encode()


def unpickled(file: Path) -> bytes:
    """Return as JSON what the cache keeps as objects, where each text begins with its length."""
    kept = pickle.loads(unsealed(file.read_bytes()) or b"")  # noqa: S301
    return json.dumps(kept, default=lambda held: getattr(held, "__dict__", str(held))).encode()


def contents_of(file: Path) -> Iterator[bytes]:
    """Yield what a file holds: itself, the parts of an archive, the text of a document."""
    content = unpickled(file) if file.parent.name in PICKLED else file.read_bytes()
    yield content
    yield numbers_of_charts(content)
    if file.suffix in READERS:
        yield READERS[file.suffix](file).encode()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if file.suffix == ".pdf":
        for part in content.split(b"stream\n")[1:]:
            try:
                yield zlib.decompressobj().decompress(part.lstrip(b"\r\n"))
            except zlib.error:
                continue


def traces(names: Any) -> list[bytes]:
    """Return how the numbers of wards could be written: plain and with thousands separated."""
    values = [(SECRETS | SHOWN)[name] for name in names]
    texts = [*map(str, values), *(f"{value:,}" for value in values), *(RATES[n] for n in names)]
    return [text.encode() for text in texts]


def files_with(root: Path, wanted: list[bytes]) -> set[str]:
    return {
        file.relative_to(root).as_posix()
        for file in root.rglob("*")
        if file.is_file() and not file.is_symlink()
        for content in contents_of(file)
        if any(text in content for text in wanted)
    }


def test_built_book_holds_no_trace_of_a_suppressed_count(built: Path) -> None:
    found = files_with(built / "outputs", traces(SECRETS))
    assert found == set()
    # It looks into the numbers of charts, which no text shows.
    charts = map(Path.read_bytes, (built / "outputs").rglob("*.ipynb"))
    assert str(SHOWN["Elm"]) in b" ".join(map(numbers_of_charts, charts)).decode().split()
    # The search finds what is there: the same numbers of wards that are shown.
    endings = {Path(name).suffix for name in files_with(built / "outputs", traces(SHOWN))}
    assert {".html", ".pdf", ".docx", ".epub", ".csv", ".ipynb"} <= endings
    # And in what the cache keeps as objects.
    for name in PICKLED:
        assert files_with(built / "outputs" / "cache" / name, traces(SHOWN))


def test_digest_of_the_raw_counts_is_not_published(built: Path) -> None:
    raw = hashlib.sha256(WARDS.encode()).hexdigest()
    record = json.loads((built / "outputs" / "site" / "figures.json").read_text())
    assert record["evidence"]["data/wards.csv"] != raw
    assert record["made_with"]["disclosure"]
    assert files_with(built / "outputs" / "builds", [raw[:16].encode()]) == set()


def test_explanation_of_a_figure_shows_no_count_and_knows_the_file_is_as_it_was(
    built: Path,
) -> None:
    said = explanation(built, "tbl-wards")
    assert "data/wards.csv: 5 of 5 rows" in said
    assert "changed since" not in said
    assert not any(text.decode() in said for text in traces(SECRETS))


def test_table_prints_the_mark_and_says_what_it_means(built: Path) -> None:
    page = (built / "outputs" / "site" / "notebooks" / "wards.html").read_text()
    assert page.count("[c]</td>") >= 2 * len(SECRETS)
    assert "3 rows are suppressed to protect confidentiality, shown as [c]." in page


def test_chart_has_a_gap_and_its_alternative_says_so(built: Path) -> None:
    kept = (built / "outputs" / "cache").rglob("*.ipynb")
    (notebook,) = (file for file in kept if "fig-wards" in file.read_text("utf-8"))
    (chart,) = (
        output["data"]["application/vnd.plotly.v1+json"]
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.plotly.v1+json" in output["data"]
    )
    drawn = chart["data"][0]["y"]
    values = np.frombuffer(base64.b64decode(drawn["bdata"]), drawn["dtype"])
    assert np.isnan(values).tolist() == [True, True, True, False, False]
    assert values[3:].tolist() == list(SHOWN.values())
    page = html.fromstring((built / "outputs/site/notebooks/wards.html").read_text("utf-8"))
    (alternative,) = {image.get("alt") for image in page.xpath("//figure//img")}
    assert alternative == (
        "Points for the patients of five wards by name. "
        "3 rows are suppressed to protect confidentiality, shown as [c]."
    )


def test_download_says_which_rows_are_suppressed(built: Path) -> None:
    for name in ("tbl-wards", "fig-wards", "all-wards"):
        text = (built / "outputs" / "site" / "data" / f"{name}.csv").read_text()
        rows = {row["ward"]: row for row in csv.DictReader(io.StringIO(text))}
        assert {ward for ward, row in rows.items() if row["suppressed"] == "True"} == set(SECRETS)
        assert {row["patients"] for ward, row in rows.items() if ward in SECRETS} == {""}


def test_nothing_is_said_of_what_changed_since_an_edition_without_suppression(
    tmp_path: Path, command: Command
) -> None:
    root = make_book(tmp_path / "book")
    with entered(root):
        assert command("build", "--to", "html").code == 0
        add_wards(root)
        outcome = command("build", "--to", "html", "--since", "outputs/site")
    assert outcome.code == 2
    assert outcome.error.strip().count("\n") == 0
    assert "made under other rules of disclosure control" in outcome.error


@pytest.fixture
def wards(tmp_path: Path) -> Iterator[Path]:
    """Return a project with suppressed counts, entered."""
    root = make_book(tmp_path / "book")
    add_wards(root)
    with entered(root):
        yield root


def test_every_way_of_loading_suppresses(wards: Path) -> None:
    frame = evidence.load("wards")
    assert list(frame["suppressed"]) == [True, True, True, False, False]
    assert frame["patients"].isna().tolist() == [True, True, True, False, False]
    assert evidence.load("wards", patients=SECRETS["Ash"]).empty
    assert evidence.value("wards", "patients", ward="Ash") is None
    assert evidence.value("wards", "rate", ward="Ash") is None
    assert evidence.rows("wards", ward="Cedar")[0]["patients"] is None
    assert evidence.columns("wards", "ward", "patients", "suppressed")[0] == ("Ash", None, True)


def test_large_table_is_suppressed_and_not_kept_by_column(wards: Path) -> None:
    (wards / "data" / "wards.csv").write_text(ROOMY)
    edit(wards / "data" / "datapackage.yaml", "threshold: 910000", "threshold: 5")
    data_package.descriptor.cache_clear()
    assert (wards / "data" / "wards.csv").stat().st_size > 2**15
    found = evidence.load("wards", ward=["Ward 3", "Ward 9"])
    assert found["patients"].isna().tolist() == [True, False]
    assert not (wards / "outputs" / "cache" / "evidence" / "wards").exists()


def test_rule_that_cannot_be_done_stops_the_loading(wards: Path) -> None:
    edit(wards / "data" / "datapackage.yaml", "counts: [patients]", "counts: [patiens]")
    data_package.descriptor.cache_clear()
    with pytest.raises(EvidenceError, match="counts 'patiens': expected"):
        evidence.rows("wards")


def test_verification_records_no_suppressed_value(wards: Path) -> None:
    found = ledger.verify(wards, {}, pd.Timestamp("2026-01-01").date())
    (entry,) = (each for each in ledger.tables() if each["name"] == "wards")
    asked = {field["name"] for field in ledger._to_be_printed(entry)}
    assert asked.isdisjoint({"patients", "rate"})
    assert found.unproven == []


def test_pivoted_table_can_be_marked_by_hand() -> None:
    wide = pd.DataFrame({"ward": ["Ash"], "men": [disclosure.MARK], "women": [12]})
    markup = table_markup(wide, {"ward": "Ward", "men": Number("Men")}, "tbl-x")
    assert ">[c]</td>" in markup


def test_tables_without_suppression_are_as_they_were() -> None:
    frame = pd.DataFrame({"area": ["Brent"], "beds": [None]})
    assert disclosure.explained("Beds by area", frame) == "Beds by area"
    assert ">No data</td>" in table_markup(frame, {"area": "Area", "beds": Number("Beds")}, "tbl-x")
    assert to_csv(frame, {"area": "Area"}) == "area\nBrent\n"
    assert rule_of({"name": "beds", "schema": {"fields": []}}) is None


def test_observations_are_left_out_and_counted(tmp_path: Path) -> None:
    root = make_project(tmp_path / "book")
    edit(
        root / "data" / "datapackage.yaml",
        "name: beds\nresources",
        "name: beds\nobservations: {disclosure: {threshold: 8, measures: [longest-wait]}}\n"
        "resources",
    )
    rows = {"RYJ": 3, "RAS": 40, "R1K": 50, "RQM": 0}
    (root / "data" / "observations" / "waits.csv").write_text(
        "indicator,area,date,value,source\n"
        + "".join(f"longest-wait,{area},2025-03-01,{n},A survey\n" for area, n in rows.items())
        + "seen-in-time,RAS,2025-03-01,3,A survey\n"
    )
    with entered(root):
        found = observations.load()
        assert sorted(found[found["measure"] == "longest-wait"]["area"]) == ["R1K", "RQM"]
        # A share in per cent is no count.
        assert 3.0 in set(found[found["measure"] == "seen-in-time"]["value"])


def test_list_of_series_says_how_many_values_are_suppressed(tmp_path: Path) -> None:
    copy_evidence(tmp_path)
    asked = "observations: {disclosure: {threshold: 5, measures: [rtt-over-52-weeks]}}\n"
    descriptor = tmp_path / "data" / "datapackage.yaml"
    descriptor.write_text(asked + descriptor.read_text("utf-8"), "utf-8")
    (tmp_path / "_quarto.yml").touch()
    (tmp_path / "data" / "observations").mkdir()
    (tmp_path / "data" / "observations" / "waits.csv").write_text(
        "indicator,area,date,value,source\n"
        + "".join(
            f"rtt-over-52-weeks,RYJ,2025-0{month}-01,{value},A survey\n"
            for month, value in enumerate((4, 40, 50), start=1)
        )
    )
    with entered(tmp_path):
        held = observations.held()
        notes = dict(zip(held["measure"], held["note"], strict=True))
        assert notes["rtt-over-52-weeks"] == "1 value is suppressed to protect confidentiality."
        points = dict(zip(held["measure"], held["points"], strict=True))
        assert points["rtt-over-52-weeks"] == 2


SMALL_GROUPS = st.lists(st.integers(0, 16), min_size=2, max_size=4)


@given(SMALL_GROUPS, st.integers(disclosure.LEAST_THRESHOLD, 6))
def test_no_suppressed_count_follows_from_the_total(counts: list[int], threshold: int) -> None:
    shown = published(counts, threshold)
    gone = [place for place, count in enumerate(shown) if count is None]
    for place, count in enumerate(counts):
        assert not 0 < count < threshold or place in gone
    if not gone:
        return
    # Whoever knows the total, and how rows are chosen, tries all there could be.
    rest = sum(counts) - sum(count for count in shown if count is not None)
    possible: list[set[int]] = [set() for _ in gone]
    for parts in itertools.product(range(rest + 1), repeat=len(gone) - 1):
        last = rest - sum(parts)
        if last < 0:
            continue
        tried = list(counts)
        for place, part in zip(gone, (*parts, last), strict=True):
            tried[place] = part
        if published(tried, threshold) == shown:
            for values, part in zip(possible, (*parts, last), strict=True):
                values.add(part)
    assert all(len(values) > 1 for values in possible)


def published(counts: list[int], threshold: int) -> list[int | None]:
    hidden = hidden_rows([[count] for count in counts], [()] * len(counts), threshold)
    return [None if place in hidden else count for place, count in enumerate(counts)]


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "area": st.sampled_from(["a", "b"]),
            "men": st.one_of(st.none(), st.integers(0, 40)),
            "women": st.integers(0, 40),
            "share": st.floats(0, 1),
            "name": st.text(max_size=3),
        }
    ),
    max_size=12,
)


@given(ROWS, st.integers(disclosure.LEAST_THRESHOLD, 12))
def test_rows_are_suppressed_whole_and_never_alone_in_their_group(
    rows: list[dict[str, Any]], threshold: int
) -> None:
    rule = Rule(threshold, ("men", "women"), ("share",), ("area",))
    found = suppressed(rows, rule)
    for before, after in zip(rows, found, strict=True):
        counts = [before["men"], before["women"]]
        if any(count is not None and 0 < count < threshold for count in counts):
            assert after["suppressed"]
        kept = {**before, "suppressed": False}
        gone = {**before, "men": None, "women": None, "share": None, "suppressed": True}
        assert after == (gone if after["suppressed"] else kept)
    for area in ("a", "b"):
        group = [row for row in found if row["area"] == area]
        assert sum(row["suppressed"] for row in group) != 1 or len(group) == 1


def test_row_without_a_total_goes_alone() -> None:
    rows = [{"n": 3}, {"n": 30}, {"n": 0}]
    found = suppressed(rows, Rule(5, ("n",)))
    assert [row["n"] for row in found] == [None, 30, 0]
