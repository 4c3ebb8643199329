"""Values inside values, as YAML and JSON have them."""

from collections.abc import Iterator
from typing import Any


def places(value: Any, *above: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each value inside a value."""
    if above:
        yield above
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for step, below in steps:
        yield from places(below, *above, step)
