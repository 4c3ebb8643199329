"""What the cache takes for a change, what it keeps for being used, and what pruning drops."""

import json
import os
import time
from pathlib import Path

import pytest

from nwlbook.cache import Dependencies, Entry, RunCache, prune

KEY = "a" * 64
LONG_AGO = 1_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book/data/more").mkdir(parents=True)
    (tmp_path / "book/data/beds.csv").write_text("beds\n1\n")
    return tmp_path / "book"


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    return RunCache(tmp_path / "cache")


def remember(cache: RunCache, root: Path, **expressions: str) -> Entry:
    used = Dependencies.observe(root, ["data/beds.csv"], ["data"])
    entry = Entry(cache.keep_outputs({"cell": sorted(expressions)}), used, expressions, 1.5)
    cache.remember(KEY, entry)
    return entry


def aged(folder: Path) -> list[Path]:
    """Make all files of a folder look as if they had not been used for long."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    for file in files:
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
    return files


def files_of(root: Path, *sizes: int) -> list[Path]:
    """Write files of some sizes, the first the one used longest ago."""
    files = [root / f"{number}.kept" for number in range(len(sizes))]
    for used, (file, size) in enumerate(zip(files, sizes, strict=True), LONG_AGO):
        file.write_bytes(b"x" * size)
        os.utime(file, ns=(used, used))
    return files


def test_one_run_is_remembered_with_the_expressions_of_two_chapters(
    cache: RunCache, root: Path
) -> None:
    first, second = remember(cache, root, a="1"), remember(cache, root, b="2")
    assert cache.find(KEY, root, ["a"]) == first
    assert cache.find(KEY, root, ["b"]) == second


def test_what_is_remembered_again_takes_the_place_of_what_it_repeats(
    cache: RunCache, root: Path
) -> None:
    remember(cache, root, a="1")
    again = remember(cache, root, a="2")
    assert cache.find(KEY, root, ["a"]) == again
    (index,) = (cache.folder / "index").iterdir()
    assert len(json.loads(index.read_text())) == 1


def test_equal_outputs_are_kept_once_in_whatever_order(cache: RunCache) -> None:
    assert cache.keep_outputs({"a": 1, "b": "£"}) == cache.keep_outputs({"b": "£", "a": 1})
    assert cache.keep_outputs({"a": 1}) != cache.keep_outputs({"a": 2})
    assert len(list((cache.folder / "outputs").iterdir())) == 3


def test_what_a_look_up_found_was_used_now_and_stays(cache: RunCache, root: Path) -> None:
    entry = remember(cache, root)
    notebook = cache.keep_notebook("name", "text")
    aged(cache.folder)
    began = time.time_ns() - 1_000_000_000
    assert cache.find(KEY, root, []) == entry
    assert cache.notebook("name") == notebook
    RunCache(cache.folder, limit=0).prune(began)
    assert cache.find(KEY, root, []) == entry
    assert cache.outputs(entry) == {"cell": []}
    assert notebook.is_file()


def test_what_a_look_up_passed_over_was_not_used(cache: RunCache, root: Path) -> None:
    remember(cache, root, a="1")
    aged(cache.folder)
    assert cache.find(KEY, root, ["b"]) is None
    RunCache(cache.folder, limit=0).prune(time.time_ns() - 1_000_000_000)
    assert not [file for file in cache.folder.rglob("*") if file.is_file()]


def test_a_cache_at_its_limit_is_left_alone(tmp_path: Path) -> None:
    files = files_of(tmp_path, 10, 10)
    prune(tmp_path, 20, time.time_ns())
    assert all(file.exists() for file in files)


def test_no_more_is_dropped_than_has_to_be(tmp_path: Path) -> None:
    files = files_of(tmp_path, 10, 10, 10, 10)
    prune(tmp_path, 20, time.time_ns())
    assert [file.exists() for file in files] == [False, False, True, True]


def test_what_is_in_folders_counts_and_folders_do_not(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (file,) = files_of(tmp_path / "deep/er", 10)
    prune(tmp_path, 10, time.time_ns())
    assert file.exists()
    prune(tmp_path, 9, time.time_ns())
    assert not file.exists()


def test_what_was_used_at_the_very_moment_stays(tmp_path: Path) -> None:
    before, at = files_of(tmp_path, 10, 10)
    prune(tmp_path, 0, LONG_AGO + 1)
    assert not before.exists()
    assert at.exists()


def test_a_file_that_cannot_be_dropped_keeps_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = files_of(tmp_path, 10, 10)
    unlink = Path.unlink

    def refuse(self: Path, missing_ok: bool = False) -> None:
        if self == stuck:
            raise PermissionError
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    prune(tmp_path, 10, time.time_ns())
    assert stuck.exists()
    assert not other.exists()


def test_a_folder_in_the_place_of_a_file_is_a_change(root: Path) -> None:
    used = Dependencies.observe(root, [], ["data"])
    (root / "data/beds.csv").unlink()
    (root / "data/beds.csv").mkdir()
    assert not used.hold(root)


def test_a_folder_that_is_gone_is_a_change(root: Path) -> None:
    used = Dependencies.observe(root, ["data/beds.csv"], ["data/more"])
    (root / "data/more").rmdir()
    assert not used.hold(root)
    assert Dependencies.observe(root, [], ["data/more"]).hold(root)


def test_names_of_files_and_folders_are_told_apart(root: Path) -> None:
    used = Dependencies.observe(root, ["data/beds.csv", "data/beds.csv"], ["data"])
    assert used.names == ("data/beds.csv", "data/")


def test_a_folder_written_to_or_a_file_moved_in_is_a_change_since(root: Path) -> None:
    before = time.time_ns() - 60_000_000_000
    long_ago = Dependencies.observe(root, ["data/gone.csv", "data/beds.csv"], [])
    # It says of itself that it is old; when it came here says otherwise.
    os.utime(root / "data/beds.csv", ns=(LONG_AGO, LONG_AGO))
    assert long_ago.changed_since(root, before)
    folder = Dependencies.observe(root, ["data/gone.csv"], ["data"])
    assert folder.changed_since(root, before)
    assert not Dependencies.observe(root, ["data/gone.csv"], []).changed_since(root, before)


def test_what_was_written_at_the_very_moment_was_not_written_after_it(root: Path) -> None:
    status = (root / "data/beds.csv").stat()
    moment = max(status.st_mtime_ns, status.st_ctime_ns)
    used = Dependencies.observe(root, ["data/beds.csv"], [])
    assert not used.changed_since(root, moment)
    assert used.changed_since(root, moment - 1)


def test_a_cache_that_may_not_be_written_still_serves(
    cache: RunCache, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = remember(cache, root)
    notebook = cache.keep_notebook("name", "text")

    def refuse(file: Path) -> None:
        raise PermissionError

    monkeypatch.setattr("nwlbook.cache.os.utime", refuse)
    assert cache.find(KEY, root, []) == entry
    assert cache.notebook("name") == notebook
