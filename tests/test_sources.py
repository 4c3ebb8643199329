import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nwlbook import inline, sources
from nwlbook.errors import InputError


def notebook(*cells: dict, **metadata) -> dict:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def code(source, *tags: str) -> dict:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source}


def prose(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def written(folder: Path, name: str, content) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_a_notebook_is_read_into_one_form(tmp_path):
    cells = [code(["a = 1\n", "a"]), prose("x"), {**code("b"), "id": "kept", "outputs": [1]}]
    read = sources.read_source(written(tmp_path, "a.ipynb", notebook(*cells)))
    assert [cell["id"] for cell in read["cells"]] == ["code-1", "markdown-1", "kept"]
    assert read["cells"][0]["source"] == "a = 1\na"
    assert read["cells"][2]["outputs"] == []


def test_new_prose_leaves_the_ids_of_code_as_they_are(tmp_path):
    first = written(tmp_path, "a.ipynb", notebook(prose("x"), code("1"), code("2")))
    second = written(tmp_path, "b.ipynb", notebook(prose("x"), prose("y"), code("1"), code("2")))
    ids = [
        [cell["id"] for cell in sources.read_source(file)["cells"] if cell["cell_type"] == "code"]
        for file in (first, second)
    ]
    assert ids[0] == ids[1]


def test_copied_cells_get_ids_of_their_own(tmp_path):
    cell = {**code("1"), "id": "same"}
    read = sources.read_source(written(tmp_path, "a.ipynb", notebook(cell, cell)))
    assert len({cell["id"] for cell in read["cells"]}) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ipynb", "{", "is not a notebook"),
        ("a.ipynb", "[]", "not a notebook of format 4"),
        ("a.ipynb", {"nbformat": 3, "cells": []}, "not a notebook of format 4"),
        ("a.ipynb", notebook({"cell_type": "heading", "source": "x"}), "cell 1 is not"),
        ("a.ipynb", notebook({"cell_type": "code", "source": 3}), "cell 1 is not"),
        ("a.md", "text", "is neither"),
    ],
)
def test_what_is_not_a_notebook_is_refused(tmp_path, name, content, message):
    with pytest.raises(InputError, match=message):
        sources.read_source(written(tmp_path, name, content))


def test_errors_name_the_file_within_its_project(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_quarto.yml").write_text("")
    with pytest.raises(InputError) as caught:
        sources.read_source(tmp_path / "notebooks/none.ipynb")
    assert caught.value.file == "notebooks/none.ipynb"
    (tmp_path / "notebooks/none.ipynb").write_bytes(b"\xe9")
    with pytest.raises(InputError, match="UTF-8"):
        sources.read_source(tmp_path / "notebooks/none.ipynb")


def test_declared_parameters_keep_their_types_and_order():
    cell = code(
        "# Which borough\n#| label: x\n"
        "borough = 'brent'\nrate: float = -0.5\nyears = 3\ndeep = True",
        "parameters",
    )
    declared = sources.declared_parameters(notebook(prose("x"), cell))
    assert declared == {"borough": "brent", "rate": -0.5, "years": 3, "deep": True}
    assert [type(value) for value in declared.values()] == [str, float, int, bool]


def test_parameters_may_be_tagged_by_an_option():
    cell = code("#| echo: false\n#| tags: [parameters]\nborough = 'brent'")
    assert sources.declared_parameters(notebook(cell)) == {"borough": "brent"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("borough = name", "parameter 'borough' is not a plain text"),
        ("rates = [1, 2]", "parameter 'rates' is not a plain text"),
        ("rate = None", "parameter 'rate' is not a plain text"),
        ("a = b = 1", "line 1 is not of the form NAME = VALUE"),
        ("a = 1\nimport os", "line 2 is not of the form NAME = VALUE"),
        ("a: int", "line 1 is not of the form NAME = VALUE"),
        ("a = 1\na = 2", "parameter 'a' is given twice"),
        ("a = = 1", "cell 1: not Python: invalid syntax in line 1"),
    ],
)
def test_parameters_that_are_not_plain_values_are_refused(source, message):
    with pytest.raises(InputError, match=message) as caught:
        sources.declared_parameters(notebook(code(source, "parameters")), "notebooks/a.ipynb")
    assert str(caught.value).startswith("notebooks/a.ipynb: cell 1: ")


def test_there_must_be_one_parameters_cell():
    with pytest.raises(InputError, match="no cell is tagged 'parameters'"):
        sources.declared_parameters(notebook(code("a = 1")))
    cell = code("a = 1", "parameters")
    with pytest.raises(InputError, match="cells 1 and 3 are tagged"):
        sources.declared_parameters(notebook(cell, prose("x"), cell))


def test_what_a_notebook_repeats_for():
    assert sources.repeats_for(notebook()) is None
    assert sources.repeats_for(notebook(nwlbook={"repeat": "borough"})) == "borough"
    for bad in ({"repeats": "borough"}, {"repeat": ["borough"]}, "borough"):
        with pytest.raises(InputError):
            sources.repeats_for(notebook(nwlbook=bad))


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("A `{python} a` and `{python}  b + 1 `.", ["a", "b + 1"]),
        ("`{python} f\"{x['a']:,}\"`", ["f\"{x['a']:,}\""]),
        ("over `{python} a +\n  b` lines", ["a +\n  b"]),
        # One code span, and a syntax error once it is worked out.
        ("`{python} a``{python} b`", ["a``{python} b"]),
        ("`` `{python} a` ``", []),
        ("``{python} a``", []),
        ("`{{python}} a`", []),
        ("` {python} a`", []),
        ("`{python}`", []),
        (r"\`{python} a\`", []),
        ("```\n`{python} a`\n```\n`{python} b`", ["b"]),
        ("~~~~\n`{python} a`\n~~~\n`{python} b`\n~~~~\n", []),
        ("```{=html}\n`{python} a`\n```", []),
        ("- item\n\n    ```\n    `{python} a`\n    ```\n\n    `{python} b`", ["b"]),
        ("> ```\n> `{python} a`\n> ```\n> `{python} b`", ["b"]),
        ("a stray ` here\n\n`{python} b`", ["b"]),
        ("| a | `{python} b` |\n|---|---|\n| `{python} c` | |", ["b", "c"]),
        ("``` `{python} a` ```", []),
        ("[`{python} a`](x.md){.b} **`{python} c`**", ["a", "c"]),
    ],
)
def test_inline_expressions_and_what_only_looks_like_one(text, expressions):
    assert sources.inline_expressions(notebook(prose(text))) == expressions


def test_each_expression_is_listed_once_and_code_has_none():
    cells = [prose("`{python} b` `{python} a`"), code("'`{python} c`'"), prose("`{python} b`")]
    assert sources.inline_expressions(notebook(*cells)) == ["b", "a"]


def test_replacing_expressions_leaves_all_else_alone():
    text = "A `{python} a`, ``x`` and\n```\n`{python} a`\n```\n`{python} b`!"
    replaced = inline.replace_expressions(text, lambda expression: f"<{expression}>")
    assert replaced == "A <a>, ``x`` and\n```\n`{python} a`\n```\n<b>!"


@given(st.text(alphabet="`~{python} a\n>\\"))
def test_replacing_expressions_by_themselves_changes_nothing(text):
    seen = []
    kept = inline.replace_expressions(text, lambda expression: seen.append(expression) or "X")
    assert seen or kept == text
    assert list(dict.fromkeys(seen)) == sources.inline_expressions(notebook(prose(text)))


PAGE = """---
title: Book
---

# Welcome

Text with `{python} total`.

````
```{python}
not_run = 1
```
````

```{python}
#| tags: [parameters]
total = 1
```

~~~{python}
total
~~~

```python
shown = 1
```
"""


def test_quarto_markdown_becomes_cells(tmp_path):
    read = sources.read_source(written(tmp_path, "index.qmd", PAGE))
    kinds = [cell["cell_type"] for cell in read["cells"]]
    assert kinds == ["raw", "markdown", "code", "code", "markdown"]
    assert read["cells"][0]["source"] == "---\ntitle: Book\n---"
    assert "not_run" in read["cells"][1]["source"]
    assert read["cells"][3]["source"] == "total"
    assert "shown = 1" in read["cells"][4]["source"]
    assert sources.declared_parameters(read) == {"total": 1}
    assert read["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\ntitle: x\n", 1, "front matter has no closing"),
        ("text\n\n```{python}\n1\n", 3, "no closing fence"),
        ("```{r}\n1\n```", 1, "cells in 'r' are not run"),
        ("\n```{python, echo=FALSE}\n1\n```", 2, "write cell options as"),
    ],
)
def test_quarto_markdown_that_cannot_be_run_is_refused(tmp_path, text, line, message):
    with pytest.raises(InputError, match=message) as caught:
        sources.read_source(written(tmp_path, "index.qmd", text))
    assert caught.value.line == line
