"""A store gives back what was kept, and nothing else."""

from pathlib import Path

import pytest

from nwlbook.store import ObjectStore, Store


def test_what_is_kept_is_found_under_its_key_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept", 1000)
    store.keep("a", b"content")
    assert Store(tmp_path / "kept", 1000).find("a") == b"content"
    assert store.find("b") is None


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(None, 1000)
    store.keep("a", b"content")
    store.prune()
    assert store.find("a") is None
    assert not list(tmp_path.iterdir())


def test_what_this_build_did_not_use_goes_first(tmp_path: Path) -> None:
    before = Store(tmp_path, 10)
    before.keep("unused", b"0123456789")
    before.keep("used", b"0123456789")
    after = Store(tmp_path, 10)
    after.find("used")
    after.prune()
    assert after.find("unused") is None
    assert after.find("used") == b"0123456789"


@pytest.mark.parametrize("damaged", [b"", b"short", b"0" * 64 + b"\n42"])
def test_damaged_content_is_not_given_back(tmp_path: Path, damaged: bytes) -> None:
    store = Store(tmp_path, 1000)
    store.keep("a", b"42")
    (tmp_path / "a").write_bytes(damaged)
    assert store.find("a") is None


def test_content_with_another_digit_is_not_given_back(tmp_path: Path) -> None:
    store = Store(tmp_path, 1000)
    store.keep("a", b"net benefit: 42")
    file = tmp_path / "a"
    file.write_bytes(file.read_bytes().replace(b": 42", b": 43"))
    assert store.find("a") is None
    store.keep("a", b"net benefit: 42")
    assert store.find("a") == b"net benefit: 42"


def test_an_object_is_given_back_and_what_is_none_is_not(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path, 1000)
    store.keep_object("a", {"beds": 42})
    assert store.find_object("a") == {"beds": 42}
    store.keep("a", b"no object")
    assert store.find_object("a") is None
