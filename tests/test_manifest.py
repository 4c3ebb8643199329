"""What a build says that it was made of."""

import json
from pathlib import Path
from typing import Any

from builder_books import contents

from nwlbook import __version__
from nwlbook.book import read_book
from nwlbook.figures_record import Summary
from nwlbook.manifest import NAME, write_manifest
from nwlbook.parameters import BookParameters, read_domains, validated
from nwlbook.plan import Edition, plan_edition, runs_of
from nwlbook.reuse import Made
from nwlbook.runs import RunResult

pytest_plugins = ["builder_fixtures"]


def plan(root: Path, **given: Any) -> Edition:
    domains = read_domains()
    return plan_edition(read_book(root), validated(given, domains), domains)


FIGURES = Summary(3, "digest")


def results(root: Path, editions: list[Edition]) -> dict[str, RunResult]:
    return {
        run.id: RunResult(
            run, f"key of {run.id}", 1.23456, run.id == "beds-mid", root / run.id, {}, ("data/a",)
        )
        for run in runs_of(editions)
    }


def manifest(root: Path, folder: Path, editions: list[Edition], **given: Any) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    said: dict[str, Any] = {
        "formats": ("html", "pdf"),
        "engine": {"name": "embedded", "versions": {"pandoc": "3.7"}},
        "seconds": {"plan": 0.00049, "render: pandoc": 2.0},
        "made": {
            edition.slug: Made(f"key of {edition.slug}", "rendered", "site", ("one",), FIGURES)
            for edition in editions
        },
        "warnings": ["Größer als gedacht"],
    }
    write_manifest(
        folder, root=root, editions=editions, results=results(root, editions), **(said | given)
    )
    found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return found


def test_manifest_names_editions_with_all_their_parameters(book: Path, tmp_path: Path) -> None:
    editions = [plan(book, scenario="best"), plan(book, borough="ealing", scenario="best")]
    said = manifest(book, tmp_path / "build", editions)
    assert [edition["slug"] for edition in said["editions"]] == ["nwl", "ealing"]
    for edition, slug in zip(said["editions"], ("nwl", "ealing"), strict=True):
        assert set(edition["parameters"]) == set(BookParameters.model_fields)
        # The same book can be asked for again from what it says.
        assert BookParameters(**edition["parameters"]) == BookParameters(
            borough=slug, scenario="best"
        )


def test_manifest_names_each_run_once_with_what_it_was_asked_and_used(
    book: Path, tmp_path: Path
) -> None:
    editions = [plan(book), plan(book, borough="brent"), plan(book, borough="ealing")]
    runs = {run["id"]: run for run in manifest(book, tmp_path / "build", editions)["runs"]}
    assert list(runs) == [
        "index-nwl",
        "beds-mid",
        "profile-brent",
        "profile-ealing",
        "index-brent",
        "index-ealing",
    ]
    assert runs["profile-brent"] == {
        "id": "profile-brent",
        "notebook": "notebooks/profile.ipynb",
        "parameters": {"borough": "brent"},
        "key": "key of profile-brent",
        "seconds": 1.235,
        "cached": False,
        "used": ["data/a"],
    }
    assert [name for name, run in runs.items() if run["cached"]] == ["beds-mid"]


def test_manifest_says_engine_formats_times_and_warnings(book: Path, tmp_path: Path) -> None:
    said = manifest(book, tmp_path / "build", [plan(book)])
    assert said["version"] == __version__
    assert said["formats"] == ["html", "pdf"]
    assert said["engine"] == {"name": "embedded", "versions": {"pandoc": "3.7"}}
    assert said["seconds"] == {"plan": 0.0, "render: pandoc": 2.0}
    assert said["made"] == {
        "nwl": {"key": "key of nwl", "rendered": "rendered", "site": "site", "warnings": ["one"]}
    }
    assert said["figures"] == {"nwl": {"count": 3, "sha256": "digest"}}
    assert said["warnings"] == ["Größer als gedacht"]


def test_manifest_names_no_folder_of_this_machine(book: Path, tmp_path: Path) -> None:
    manifest(book, tmp_path / "build", [plan(book)])
    text = (tmp_path / "build" / NAME).read_text(encoding="utf-8")
    assert str(book) not in text
    assert str(tmp_path) not in text
    assert "Größer" in text
    assert text.endswith("}\n")


def test_same_build_is_described_by_the_same_bytes(book: Path, tmp_path: Path) -> None:
    editions = [plan(book), plan(book, borough="brent")]
    for name in ("one", "two"):
        manifest(book, tmp_path / name, editions)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
