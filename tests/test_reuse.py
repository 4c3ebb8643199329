"""A site is taken over only when nothing that makes it has changed."""

import json
from pathlib import Path

import pytest

from nwlbook.reuse import render_key, reuse_site

VERSIONS = {"pandoc": "3"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "index.qmd").write_text("# Welcome")
    (folder / "data" / "beds.csv").write_text("beds\n1\n")
    return folder


def key(project: Path, formats: tuple[str, ...] = ("html",), engine: str = "embedded") -> str:
    return render_key(project, engine, VERSIONS, formats)


@pytest.fixture
def outputs(tmp_path: Path, project: Path) -> Path:
    folder = tmp_path / "outputs"
    edition = folder / "site" / "editions" / "brent"
    edition.mkdir(parents=True)
    (folder / "site" / "index.html").write_text("sector")
    (edition / "index.html").write_text("Brent")
    rendered = {"nwl": key(project), "brent": key(project)}
    (folder / "manifest.json").write_text(json.dumps({"rendered": rendered}))
    return folder


def test_unchanged_edition_is_taken_over(project: Path, outputs: Path, tmp_path: Path) -> None:
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new")
    assert [item.name for item in (tmp_path / "new").iterdir()] == ["index.html"]
    assert reuse_site(outputs, "brent", key(project), tmp_path / "new" / "editions" / "brent")
    assert (tmp_path / "new" / "editions" / "brent" / "index.html").read_text() == "Brent"


@pytest.mark.parametrize("file", ["index.qmd", "data/beds.csv", "data/new.csv"])
def test_any_change_of_the_staged_project_counts(
    project: Path, outputs: Path, tmp_path: Path, file: str
) -> None:
    (project / file).write_text("changed")
    assert not reuse_site(outputs, "nwl", key(project), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_formats_engine_versions_and_date_count(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {
        key(project),
        key(project, ("html", "pdf")),
        key(project, engine="quarto"),
        render_key(project, "embedded", {"pandoc": "4"}, ("html",)),
    }
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert len({*keys, key(project)}) == 5


def test_change_of_the_engine_counts(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key(project)
    (tmp_path / "embedded").mkdir()
    (tmp_path / "embedded" / "page.html").write_text("new")
    monkeypatch.setattr("nwlbook.reuse.EMBEDDED", tmp_path / "embedded")
    assert key(project) != before


@pytest.mark.parametrize("manifest", ["", "{}", '{"rendered": {}}', '{"rendered": null}', "[]"])
def test_without_a_record_nothing_is_taken_over(
    project: Path, outputs: Path, tmp_path: Path, manifest: str
) -> None:
    (outputs / "manifest.json").write_text(manifest)
    assert not reuse_site(outputs, "nwl", key(project), tmp_path / "new")


def test_without_the_site_nothing_is_taken_over(
    project: Path, outputs: Path, tmp_path: Path
) -> None:
    (outputs / "site" / "index.html").unlink()
    assert not reuse_site(outputs, "nwl", key(project), tmp_path / "new")
