import errno
import json
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwlbook import cache as cache_module
from nwlbook.cache import (
    ENTRIES_A_KEY,
    Dependencies,
    Entry,
    RunCache,
    drop_temporaries,
    prune,
    write_atomically,
)

KEY = "a" * 64


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book/data").mkdir(parents=True)
    (tmp_path / "book/data/beds.csv").write_text("beds\n1\n")
    return tmp_path / "book"


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    return RunCache(tmp_path / "cache")


def remember(cache: RunCache, root: Path, text: str = "x", **expressions: str) -> Entry:
    used = Dependencies.observe(root, ["data/beds.csv"], ["data"])
    entry = Entry(cache.keep_outputs({"outputs": {"cell": [text]}}), used, expressions, 1.5)
    cache.remember(KEY, entry)
    return entry


def test_an_entry_is_found_until_what_it_used_changes(cache, root):
    entry = remember(cache, root, a="1")
    assert cache.find(KEY, root, ["a"]) == entry
    assert cache.outputs(entry) == {"outputs": {"cell": ["x"]}}
    assert cache.find("b" * 64, root, []) is None
    (root / "data/beds.csv").write_text("beds\n2\n")
    assert cache.find(KEY, root, ["a"]) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "data/beds.csv").unlink(),
        lambda root: (root / "data/new.csv").write_text(""),
        lambda root: (root / "data/beds.csv").rename(root / "data/other.csv"),
    ],
)
def test_a_removed_added_or_renamed_file_is_a_change(cache, root, change):
    remember(cache, root)
    change(root)
    assert cache.find(KEY, root, []) is None


def test_a_file_that_was_missing_and_then_appears_is_a_change(root):
    used = Dependencies.observe(root, ["data/gone.csv"], [])
    assert used.hold(root)
    (root / "data/gone.csv").write_text("")
    assert not used.hold(root)


def test_compiled_files_in_a_listed_folder_are_no_change(cache, root):
    remember(cache, root)
    (root / "data/__pycache__").mkdir()
    assert cache.find(KEY, root, []) is not None


def test_a_touched_file_with_its_old_content_is_no_change(cache, root):
    entry = remember(cache, root)
    os.utime(root / "data/beds.csv", (1, 1))
    assert cache.find(KEY, root, []) == entry


def test_all_expressions_asked_for_must_be_known(cache, root):
    remember(cache, root, a="1", b="2")
    assert cache.find(KEY, root, ["b"]) is not None
    assert cache.find(KEY, root, ["a", "c"]) is None


def test_entries_of_earlier_content_stay_findable(cache, root):
    first = remember(cache, root, "first")
    (root / "data/beds.csv").write_text("beds\n22\n")
    second = remember(cache, root, "second")
    assert cache.find(KEY, root, []) == second
    (root / "data/beds.csv").write_text("beds\n1\n")
    assert cache.find(KEY, root, []) == first


def test_how_long_a_run_took_is_known_whatever_has_changed(cache, root):
    assert cache.last_seconds(KEY) == 0
    remember(cache, root)
    (root / "data/beds.csv").write_text("beds\n2\n")
    assert cache.find(KEY, root, []) is None
    assert cache.last_seconds(KEY) == 1.5


def test_a_key_keeps_a_few_entries_only(cache, root):
    for number in range(ENTRIES_A_KEY + 3):
        (root / "data/beds.csv").write_text(f"beds\n{number}\n")
        remember(cache, root, str(number))
    (index,) = (cache.folder / "index").iterdir()
    assert len(json.loads(index.read_text())) == ENTRIES_A_KEY


@given(content=st.binary(max_size=200))
def test_a_damaged_index_is_a_miss(tmp_path_factory, content):
    cache = RunCache(tmp_path_factory.mktemp("cache"))
    write_atomically(cache.folder / "index" / f"{KEY}.json", content)
    assert cache.find(KEY, cache.folder, []) is None


@pytest.mark.parametrize(
    "content", ["[{}]", '[{"result": 1}]', '{"a": 1}', "[[]]", "null", '[{"dependencies": 3}]']
)
def test_an_index_of_another_shape_is_a_miss(cache, root, content):
    write_atomically(cache.folder / "index" / f"{KEY}.json", content.encode())
    assert cache.find(KEY, root, []) is None


def test_an_entry_with_another_number_is_a_miss(cache, root):
    remember(cache, root, a="42")
    (index,) = (cache.folder / "index").iterdir()
    written = index.read_text()
    # With its quotes: digests have digits too.
    assert written.count('"42"') == 1
    index.write_text(written.replace('"42"', '"43"'))
    assert cache.find(KEY, root, ["a"]) is None


def test_what_killed_processes_left_half_written_is_dropped(cache, root):
    remember(cache, root)
    kept = {file for file in cache.folder.rglob("*") if file.is_file()}
    no_process = 2**22 + 1
    dead = [
        cache.folder / "index" / f".{KEY}.json.{no_process}-0123456789abcdef",
        cache.folder / f"output.pkl.thread-139-pid-{no_process}",
    ]
    alive = cache.folder / f".{KEY}.json.{os.getpid()}-0123456789abcdef"
    for file in (*dead, alive):
        file.touch()
    drop_temporaries(cache.folder)
    assert {file for file in cache.folder.rglob("*") if file.is_file()} == {*kept, alive}


def test_damaged_outputs_and_notebooks_are_a_miss(cache, root):
    entry = remember(cache, root)
    notebook = cache.keep_notebook("name", "text")
    assert cache.notebook("name") == notebook
    for file in (notebook, cache.folder / "outputs" / f"{entry.result}.json"):
        file.write_bytes(file.read_bytes()[:-1])
    assert cache.outputs(entry) is None
    assert cache.notebook("name") is None
    assert cache.notebook("other") is None


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    cache = RunCache(tmp_path, limit=2500)
    for age, name in enumerate(["new", "middle", "old"]):
        file = cache.keep_notebook(name, "x" * 1000)
        moment = time.time() - 1000 * (age + 1)
        for each in (file, file.with_suffix(".sha256")):
            os.utime(each, (moment, moment))
    assert cache.notebook("old") is not None  # used now
    os.utime(tmp_path / "notebooks/old.sha256")
    cache.prune(time.time_ns())
    assert cache.notebook("middle") is None
    assert cache.notebook("old") is not None
    assert cache.notebook("new") is not None


def test_what_this_build_used_stays_whatever_the_limit(tmp_path):
    cache = RunCache(tmp_path, limit=10)
    began = time.time_ns()
    cache.keep_notebook("name", "x" * 1000)
    cache.prune(began)
    assert cache.notebook("name") is not None
    cache.prune(time.time_ns() + 1_000_000_000)
    assert cache.notebook("name") is None


def test_writers_at_once_leave_one_whole_file(tmp_path):
    file = tmp_path / "file"
    contents = [bytes([48 + number]) * 200_000 for number in range(4)]
    seen: set[bytes] = set()
    stop = threading.Event()

    def write(content: bytes) -> None:
        for _ in range(20):
            write_atomically(file, content)

    def read() -> None:
        while not stop.is_set():
            if file.exists():
                seen.add(file.read_bytes())

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert seen <= set(contents)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "file"
    write_atomically(file, b"old")

    def refuse(self: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "full", "a name that nobody knows")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OSError, match="full") as failed:
        write_atomically(file, b"new")
    assert (failed.value.errno, failed.value.filename) == (errno.ENOSPC, str(file))
    assert file.read_bytes() == b"old"


def test_changed_since_tells_files_written_after_a_moment(root):
    used = Dependencies.observe(root, ["data/beds.csv"], [])
    assert not used.changed_since(root, time.time_ns() + 1_000_000_000)
    assert used.changed_since(root, time.time_ns() - 60_000_000_000)


def test_an_unchanged_file_is_read_once(root, monkeypatch):
    reads = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: reads.append(self) or read(self))
    for _ in range(3):
        cache_module.file_digest(root / "data/beds.csv")
    assert len(reads) == 1


def test_after_a_clock_was_set_back_anything_may_have_changed(root):
    used = Dependencies.observe(root, ["data/beds.csv"], [])
    assert not used.changed_since(root, time.time_ns())
    assert used.changed_since(root, time.time_ns() + 10**12)


def test_a_folder_that_is_not_there_is_within_its_limit(tmp_path: Path) -> None:
    prune(tmp_path / "gone", 0, time.time_ns())


def test_links_in_a_cache_do_not_lead_out_of_it(tmp_path: Path) -> None:
    mine = tmp_path / "project" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "project").symlink_to(mine.parent)
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "old").write_text("old")
    prune(folder, 0, time.time_ns() + 10**9)
    assert mine.read_text() == "mine"
    assert not (folder / "old").exists()


def test_a_half_written_file_that_another_build_drops_meanwhile_is_no_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / f".a.{2**22 + 1}-{'0' * 16}").write_text("half")
    asked = []

    def gone(self: Path) -> None:
        asked.append(self.name)
        raise FileNotFoundError(self)

    monkeypatch.setattr(Path, "unlink", gone)
    drop_temporaries(root)
    assert len(asked) == 1


@pytest.mark.parametrize("lost", [".ipynb", ".sha256"])
def test_half_a_notebook_is_a_miss(cache: RunCache, lost: str) -> None:
    file = cache.keep_notebook("a" * 8, "{}")
    assert cache.notebook("a" * 8) == file
    file.with_suffix(lost).unlink()
    assert cache.notebook("a" * 8) is None


def test_without_a_folder_nothing_is_pruned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(TypeError):
        prune(None, 0, time.time_ns() + 10**9)
    assert (tmp_path / "notes.txt").read_text() == "mine"
