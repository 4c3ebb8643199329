"""What `--since` may name, and what is refused."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from figure_records import BEDS, published, record, write_site

from nwlbook.earlier_build import EarlierBuild, read_earlier
from nwlbook.errors import InputError
from nwlbook.figures_record import NAME, summary_of

NWL = record(published("fig-a"))
BRENT = record(published("fig-a"), edition="brent")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Return a folder of builds, the newest one of two editions."""
    folder = tmp_path / "outputs"
    build = folder / "builds" / "one"
    sites = {"nwl": build / "site", "brent": build / "site" / "editions" / "brent"}
    write_site(sites["nwl"], NWL)
    write_site(sites["brent"], BRENT)
    figures = {slug: asdict(summary_of(site / NAME)) for slug, site in sites.items()}
    (build / "manifest.json").write_text(json.dumps({"version": "0.1.0", "figures": figures}))
    (folder / "current").symlink_to("builds/one")
    (folder / "manifest.json").symlink_to("current/manifest.json")
    (folder / "site").symlink_to("current/site")
    return folder


def records(build: EarlierBuild) -> dict[str, object]:
    return {slug: edition.record for slug, edition in build.editions.items()}


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_earlier(path)
    message = str(caught.value)
    assert message.startswith("--since")
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "name", ["", "manifest.json", "builds/one", "builds/one/manifest.json", "current", "site"]
)
def test_build_is_found_by_its_manifest_its_folder_or_its_site(outputs: Path, name: str) -> None:
    assert records(read_earlier(outputs / name)) == {"nwl": NWL, "brent": BRENT}


def test_copy_of_one_editions_site_is_a_build_of_that_edition(outputs: Path) -> None:
    site = outputs / "site" / "editions" / "brent"
    for path in (site, site / NAME):
        assert records(read_earlier(path)) == {"brent": BRENT}


def test_build_stays_the_one_that_was_named_when_a_newer_one_is_published(outputs: Path) -> None:
    earlier = read_earlier(outputs)
    (outputs / "current").unlink()
    (outputs / "current").symlink_to("builds/two")
    assert earlier.editions["nwl"].data_of(NWL.figures[0]) == BEDS


def test_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == f"--since {tmp_path / 'none'}: not found"


@pytest.mark.parametrize("name", ["builds", "site/data", "site/data/fig-a.csv"])
def test_path_to_something_else_is_refused(outputs: Path, name: str) -> None:
    assert "expected manifest.json of a build, the folder with it" in refusal(outputs / name)


def test_build_without_a_record_says_what_to_do(outputs: Path) -> None:
    (outputs / "builds" / "one" / "manifest.json").write_text('{"version": "0.1.0"}')
    assert "kept no record of its figures: build that edition again" in refusal(outputs)


@pytest.mark.parametrize("text", ["", "[]", '{"figures": 1}', '{"figures": [1]}', "\udcff"])
def test_damaged_manifest_is_refused(outputs: Path, text: str) -> None:
    file = outputs / "builds" / "one" / "manifest.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "manifest.json is not that of a build" in refusal(outputs)


@pytest.mark.parametrize("slug", ["../../x", "ealing"])
def test_manifest_that_names_an_edition_without_a_record_is_refused(
    outputs: Path, slug: str
) -> None:
    file = outputs / "builds" / "one" / "manifest.json"
    file.write_text(json.dumps({"figures": {slug: {}}}))
    refusal(outputs)


def test_record_changed_since_its_manifest_was_written_is_refused(outputs: Path) -> None:
    write_site(outputs / "site", record(published("fig-a", title="Better")))
    assert "is not the record that manifest.json names" in refusal(outputs)


def test_data_changed_since_it_was_recorded_is_refused(outputs: Path) -> None:
    edition = read_earlier(outputs).editions["nwl"]
    assert edition.data_of(NWL.figures[0]) == BEDS
    for content in (b"area,beds\nBrent,1\n", b"\xff", None):
        file = edition.site / "data" / "fig-a.csv"
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(InputError, match=r"^--since: .*fig-a\.csv: (is not|cannot be read)"):
            edition.data_of(NWL.figures[0])
