"""YAML with the line of each value."""

from pathlib import Path

import pytest

from nwlbook.errors import InputError
from nwlbook.yaml_lines import Document

TEXT = """\
book:
  title: Beds
  chapters:
    - index.qmd
    - part: One
      chapters: [a.qmd,
        b.qmd]
"""


def document(folder: Path, content: str | bytes) -> Document:
    file = folder / "x.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Document(file, "x.yml")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ((), 1),
        (("book",), 1),
        (("book", "title"), 2),
        (("book", "chapters"), 3),
        (("book", "chapters", 0), 4),
        (("book", "chapters", 1), 5),
        (("book", "chapters", 1, "chapters", 0), 6),
        (("book", "chapters", 1, "chapters", 1), 7),
    ],
)
def test_line_of_a_value_is_where_it_stands(
    tmp_path: Path, key: tuple[str | int, ...], line: int
) -> None:
    assert document(tmp_path, TEXT).line(*key) == line


def test_line_of_an_absent_value_is_that_of_what_would_hold_it(tmp_path: Path) -> None:
    assert document(tmp_path, TEXT).line("book", "author", "name") == 1
    assert document(tmp_path, TEXT).line("book", "chapters", 7) == 3


def test_error_points_at_the_value(tmp_path: Path) -> None:
    error = document(tmp_path, TEXT).error("too short", "book", "title")
    assert str(error) == "x.yml:2: too short"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", "x.yml:3: not valid YAML"),
        ("a: 1\n  b: 2\n", "x.yml:2: not valid YAML"),
        ("a: \x07\n", "x.yml: not valid YAML"),
        ("- a\n- b\n", "x.yml:1: expected a YAML mapping"),
        ("", "x.yml:1: expected a YAML mapping"),
        (b"title: caf\xe9\n", "x.yml: byte 10 is not UTF-8 text"),
    ],
)
def test_bad_content_is_refused_in_one_line(
    tmp_path: Path, content: str | bytes, place: str
) -> None:
    with pytest.raises(InputError) as caught:
        document(tmp_path, content)
    assert str(caught.value).startswith(place)
    assert "\n" not in str(caught.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^x.yml: not found$"):
        Document(tmp_path / "x.yml", "x.yml")
