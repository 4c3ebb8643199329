"""YAML that people write, and YAML that would hide something or break the reader."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.yaml_text import DEEPEST, YamlTextError, load

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.dates()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@given(VALUES)
def test_whatever_yaml_writes_is_read_as_it_was(value: object) -> None:
    assert load(yaml.safe_dump(value)) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", None),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("- &x {a: 1}\n- *x\n", [{"a": 1}, {"a": 1}]),
        ("a: {b: 1}\nc: {b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("[a, a]", ["a", "a"]),
        ("a: a\nb: a\n", {"a": "a", "b": "a"}),
    ],
)
def test_what_is_right_is_read(text: str, values: object) -> None:
    assert load(text) == values


def test_a_hundred_levels_are_read() -> None:
    value = load("[" * DEEPEST + "]" * DEEPEST)
    for _ in range(DEEPEST - 1):
        (value,) = value
    assert value == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [", 3, "not valid YAML: did not find expected node content"),
        ("a: 1\nb: 2\na: 3\n", 3, "key 'a' stands twice: expected once"),
        ("a:\n  - {b: 1, c: [b], b: 2}\n", 2, "key 'b' stands twice: expected once"),
        ("a: *b\n", 1, "alias '*b': expected a value before it"),
        ("a: &b [*b]\n", 1, "alias '*b': expected a value before it"),
        ("? [a, b]\n: a\n", 1, "not valid YAML: found unhashable key"),
        ("[" * (DEEPEST + 1), 1, "nested deeper than 100 levels"),
        ("[" * 500_000, 1, "nested deeper than 100 levels"),
        ("a: 2024-02-30\n", None, "not valid YAML: day is out of range for month"),
        ("a: !!bool perhaps\n", None, "not valid YAML: 'perhaps'"),
        ("a: !!python/object:os.system [ls]\n", 1, "not valid YAML: could not determine a "
         "constructor for the tag 'tag:yaml.org,2002:python/object:os.system'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(YamlTextError) as caught:
        load(text)
    assert (caught.value.line, caught.value.message) == (line, message)


def test_a_few_lines_do_not_unfold_to_gigabytes() -> None:
    lines = ["a0: &a0 [beds, beds]"]
    lines += [f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, 40)]
    with pytest.raises(YamlTextError, match="unfolds to more than 20,000,000 characters"):
        load("\n".join(lines))
