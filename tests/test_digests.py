"""Digests tell apart whatever differs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwlbook import digests
from nwlbook.digests import digest, files_digest, package_digest

PARTS = st.lists(st.text(max_size=5) | st.binary(max_size=5), max_size=4)


def as_bytes(parts: list[str | bytes]) -> list[bytes]:
    return [part if isinstance(part, bytes) else part.encode() for part in parts]


@given(PARTS, PARTS)
def test_texts_have_one_digest_only_if_they_are_the_same(
    first: list[str | bytes], second: list[str | bytes]
) -> None:
    assert (digest(*first) == digest(*second)) == (as_bytes(first) == as_bytes(second))


def test_where_one_text_ends_and_the_next_begins_counts() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("abc", "")}) == 4


def test_names_and_contents_of_files_count_and_their_order_does_not(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("1")
    second.write_text("22")
    before = files_digest(tmp_path, [first, second])
    assert files_digest(tmp_path, [second, first]) == before
    assert files_digest(tmp_path, [first]) != before
    first.write_text("22")
    second.write_text("1")
    swapped = files_digest(tmp_path, [first, second])
    assert swapped != before
    assert files_digest(tmp_path.parent, [first, second]) != swapped


def test_a_package_is_its_files_without_what_python_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "PACKAGES", tmp_path)
    (tmp_path / "beds/wards").mkdir(parents=True)
    (tmp_path / "beds/wards/module.py").write_text("1")

    def digest_now() -> str:
        package_digest.cache_clear()
        return package_digest("beds")

    before = digest_now()
    (tmp_path / "beds/wards/__pycache__").mkdir()
    (tmp_path / "beds/wards/__pycache__/module.pyc").write_text("compiled")
    assert digest_now() == before
    (tmp_path / "beds/style.css").write_text("a file that is no module")
    with_style = digest_now()
    (tmp_path / "beds/wards/module.py").write_text("2")
    assert len({before, with_style, digest_now()}) == 3
    package_digest.cache_clear()
