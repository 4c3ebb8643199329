"""Read YAML that people write: what it could hide, or break the reader with, is refused.

A key that stands twice would lose its first value without a word. Aliases of aliases let a few
lines unfold to more than any machine holds, and brackets nested by the thousand crash the C reader:
all are looked for in its events, before anything is built from them.
"""

from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 100
LARGEST = 20_000_000


class YamlTextError(ValueError):
    """YAML that cannot be read, or should not be.

    Parameters
    ----------
    message : str
        What is wrong, in one line.
    line : int, optional
        Where, from 1.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def load(text: str) -> Any:
    """Return the values of a YAML text.

    Parameters
    ----------
    text : str
        One YAML document.

    Raises
    ------
    YamlTextError
        With the line, if it is not valid, has a key twice in one mapping, more than a hundred
        levels, or aliases that unfold without bound.
    """
    try:
        _look_through(text)
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise YamlTextError(f"not valid YAML: {error.problem}", line) from error
    except yaml.YAMLError as error:
        raise YamlTextError(f"not valid YAML: {' '.join(str(error).split())}") from error
    except YamlTextError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        # What the constructors of dates and tagged values raise is let through by PyYAML.
        raise YamlTextError(f"not valid YAML: {error}") from error


@dataclass
class _Open:
    """A mapping or list that is being read."""

    anchor: str | None
    # None for a list.
    keys: set[str] | None
    # Characters so far, aliases counted as what they stand for.
    size: int = 1
    key_is_next: bool = True


def _look_through(text: str) -> None:
    sizes: dict[str, int | None] = {}
    around = [_Open(None, None)]
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.CollectionStartEvent):
            if len(around) > DEEPEST:
                raise YamlTextError(f"nested deeper than {DEEPEST} levels", line)
            if event.anchor:
                # Until it is closed an alias to it would be in itself.
                sizes[event.anchor] = None
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            around.append(_Open(event.anchor, set() if is_mapping else None))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            closed = around.pop()
            anchor, size = closed.anchor, closed.size
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, len(event.value) + 1
            _refuse_second(event.value, around[-1], line)
        elif isinstance(event, yaml.AliasEvent):
            known = sizes.get(event.anchor or "")
            if known is None:
                raise YamlTextError(f"alias '*{event.anchor}': expected a value before it", line)
            anchor, size = None, known
        else:
            continue
        if anchor:
            sizes[anchor] = size
        above = around[-1]
        above.size += size
        above.key_is_next = not above.key_is_next
        if above.size > LARGEST:
            raise YamlTextError(f"unfolds to more than {LARGEST:,} characters", line)


def _refuse_second(value: str, mapping: _Open, line: int | None) -> None:
    if mapping.keys is not None and mapping.key_is_next:
        if value in mapping.keys:
            raise YamlTextError(f"key '{value}' stands twice: expected once", line)
        mapping.keys.add(value)
