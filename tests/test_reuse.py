"""An edition is taken over only when nothing that makes it has changed."""

import json
from pathlib import Path

import pytest

from nwlbook.errors import BuildError
from nwlbook.reuse import Made, is_current, render_key, reuse_project, reuse_site, site_digest

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
    brent = folder / "site" / "editions" / "brent"
    (brent / "assets").mkdir(parents=True)
    (folder / "site" / "index.html").write_text("sector")
    (brent / "index.html").write_text("Brent")
    (brent / "assets" / "editions-list.js").write_text("written anew by each build")
    for slug in ("nwl", "brent"):
        (folder / "project" / slug).mkdir(parents=True)
        (folder / "project" / slug / "index.qmd").write_text(slug)
    made = {
        slug: Made(f"all of {slug}", key(project), site_digest(site), ("one warning",)).as_json()
        for slug, site in {"nwl": folder / "site", "brent": brent}.items()
    }
    figures = {slug: {"count": 3, "sha256": "digest"} for slug in made}
    (folder / "manifest.json").write_text(json.dumps({"made": made, "figures": figures}))
    return folder


def taken_over(outputs: Path, slug: str, given: str, new: Path) -> Made | None:
    if not is_current(outputs, slug, given):
        return None
    return reuse_project(outputs, slug, new / "project", new / "site")


def test_rendered_edition_is_taken_over_with_its_warnings(
    project: Path, outputs: Path, tmp_path: Path
) -> None:
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") == ["one warning"]
    assert [item.name for item in (tmp_path / "new").iterdir()] == ["index.html"]
    brent = tmp_path / "new" / "editions" / "brent"
    assert reuse_site(outputs, "brent", key(project), brent) == ["one warning"]
    assert (brent / "index.html").read_text() == "Brent"


def test_edition_made_from_the_same_is_not_even_staged(outputs: Path, tmp_path: Path) -> None:
    made = taken_over(outputs, "brent", "all of brent", tmp_path / "new")
    assert made is not None
    assert made.warnings == ("one warning",)
    assert made.figures is not None
    assert made.figures.count == 3
    assert (tmp_path / "new" / "project" / "index.qmd").read_text() == "brent"
    assert (tmp_path / "new" / "site" / "index.html").read_text() == "Brent"
    # Which editions there are is for the new build to say.
    assert not (tmp_path / "new" / "site" / "assets" / "editions-list.js").exists()


@pytest.mark.parametrize("slug", ["nwl", "brent"])
def test_edition_made_from_anything_else_is_made(outputs: Path, tmp_path: Path, slug: str) -> None:
    assert taken_over(outputs, slug, "all of something else", tmp_path / "new") is None
    assert not (tmp_path / "new").exists()


def test_site_that_was_touched_since_its_check_is_not_taken_over(
    project: Path, outputs: Path, tmp_path: Path
) -> None:
    (outputs / "site" / "index.html").write_text("sector, edited by hand")
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") is None
    assert taken_over(outputs, "nwl", "all of nwl", tmp_path / "new") is None
    assert not (tmp_path / "new").exists()
    # The other edition is as it was.
    assert taken_over(outputs, "brent", "all of brent", tmp_path / "new")


def test_list_of_editions_is_no_part_of_an_edition(outputs: Path, tmp_path: Path) -> None:
    brent = outputs / "site" / "editions" / "brent"
    (brent / "assets" / "editions-list.js").write_text("other editions")
    assert taken_over(outputs, "brent", "all of brent", tmp_path / "new")


@pytest.mark.parametrize("file", ["index.qmd", "data/beds.csv", "data/new.csv"])
def test_any_change_of_the_staged_project_counts(
    project: Path, outputs: Path, tmp_path: Path, file: str
) -> None:
    (project / file).write_text("changed")
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") is None
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


@pytest.mark.parametrize(
    "manifest", ["", "{}", '{"made": {}}', '{"made": null}', "[]", '{"made": {"nwl": {}}}']
)
def test_without_a_record_nothing_is_taken_over(
    project: Path, outputs: Path, tmp_path: Path, manifest: str
) -> None:
    (outputs / "manifest.json").write_text(manifest)
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") is None
    assert taken_over(outputs, "nwl", "all of nwl", tmp_path / "new") is None


def test_without_the_site_nothing_is_taken_over(
    project: Path, outputs: Path, tmp_path: Path
) -> None:
    (outputs / "site" / "index.html").unlink()
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") is None
    assert taken_over(outputs, "nwl", "all of nwl", tmp_path / "new") is None


def test_an_edition_is_taken_over_beside_what_is_there_already(
    project: Path, outputs: Path, tmp_path: Path
) -> None:
    other = tmp_path / "new" / "editions" / "ealing" / "index.html"
    other.parent.mkdir(parents=True)
    other.write_text("Ealing")
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") == ["one warning"]
    assert (tmp_path / "new" / "index.html").read_text() == "sector"
    assert other.read_text() == "Ealing"


def test_what_is_taken_over_takes_no_room_of_its_own(outputs: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert taken_over(outputs, "brent", "all of brent", new) is not None
    assert (new / "project" / "index.qmd").samefile(outputs / "project/brent/index.qmd")
    published = outputs / "site" / "editions" / "brent" / "index.html"
    assert (new / "site" / "index.html").samefile(published)


def test_only_the_editions_of_the_site_itself_are_left_to_the_new_build(
    outputs: Path, tmp_path: Path
) -> None:
    for folder in ("site/data/editions", "site/editions/brent/editions"):
        (outputs / folder).mkdir(parents=True)
        (outputs / folder / "figures.csv").write_text("a\n")
    manifest = json.loads((outputs / "manifest.json").read_text())
    for slug, site in (("nwl", "site"), ("brent", "site/editions/brent")):
        manifest["made"][slug]["site"] = site_digest(outputs / site)
    (outputs / "manifest.json").write_text(json.dumps(manifest))
    for slug, kept in (("nwl", "data/editions"), ("brent", "editions")):
        assert taken_over(outputs, slug, f"all of {slug}", tmp_path / slug) is not None
        assert (tmp_path / slug / "site" / kept / "figures.csv").is_file()
    assert not (tmp_path / "nwl" / "site" / "editions").exists()


def test_where_files_cannot_be_linked_they_are_copied(
    project: Path, outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError("no links between these folders")

    monkeypatch.setattr("os.link", refuse)
    assert reuse_site(outputs, "nwl", key(project), tmp_path / "new") == ["one warning"]
    assert (tmp_path / "new" / "index.html").read_text() == "sector"


@pytest.mark.parametrize("change", ["another", "more", "fewer"])
def test_a_file_deep_in_the_site_counts(
    project: Path, outputs: Path, tmp_path: Path, change: str
) -> None:
    site = outputs / "site" / "editions" / "brent"
    deep = site / "assets" / "fonts" / "letters.css"
    deep.parent.mkdir()
    deep.write_text("as checked")
    manifest = json.loads((outputs / "manifest.json").read_text())
    manifest["made"]["brent"]["site"] = site_digest(site)
    (outputs / "manifest.json").write_text(json.dumps(manifest))
    assert reuse_site(outputs, "brent", key(project), tmp_path / "new") is not None
    if change == "another":
        deep.write_text("edited by hand")
    elif change == "more":
        deep.with_name("more.css").touch()
    else:
        deep.unlink()
    assert reuse_site(outputs, "brent", key(project), tmp_path / "other") is None


def test_what_python_compiled_and_the_order_of_versions_do_not_count(project: Path) -> None:
    before = key(project)
    (project / "__pycache__").mkdir()
    (project / "__pycache__" / "module.pyc").write_text("compiled")
    assert key(project) == before
    either, other = {"pandoc": "3", "typst": "1"}, {"typst": "1", "pandoc": "3"}
    assert render_key(project, "embedded", either, ("html",)) == render_key(
        project, "embedded", other, ("html",)
    )


def test_an_edition_whose_build_went_meanwhile_is_refused(outputs: Path, tmp_path: Path) -> None:
    assert is_current(outputs, "nwl", "all of nwl")
    (outputs / "manifest.json").unlink()
    with pytest.raises(BuildError, match="build again"):
        reuse_project(outputs, "nwl", tmp_path / "new" / "project", tmp_path / "new" / "site")
    assert not (tmp_path / "new").exists()
