"""Read YAML and remember on which line each value stands, for errors that point."""

from pathlib import Path
from typing import Any

import yaml

from helpers import yaml_text
from nwlbook.errors import InputError

Key = tuple[str | int, ...]


class Document:
    """A YAML file: its values, and the line of each.

    Parameters
    ----------
    file : Path
        The file to read.
    shown : str
        How errors name it.

    Raises
    ------
    InputError
        If the file cannot be read, is not UTF-8, or not a YAML mapping as `yaml_text` reads it.
    """

    def __init__(self, file: Path, shown: str) -> None:
        self.shown = shown
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise InputError("not found", shown) from error
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", shown) from error
        except UnicodeDecodeError as error:
            raise InputError(f"byte {error.start} is not UTF-8 text", shown) from error
        try:
            self.values: dict[str, Any] = yaml_text.load(text)
        except yaml_text.YamlTextError as error:
            raise InputError(error.message, shown, error.line) from error
        if not isinstance(self.values, dict):
            raise InputError("expected a YAML mapping", shown, 1)
        self._lines: dict[Key, int] = {}
        self._index(yaml.compose(text, Loader=yaml.CSafeLoader), ())

    def line(self, *key: str | int) -> int | None:
        """Return the line of a value, or of the nearest value around it."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key)

    def error(self, message: str, *key: str | int) -> InputError:
        """Make an error that points at a value."""
        return InputError(message, self.shown, self.line(*key))

    def _index(self, node: Any, key: Key) -> None:
        self._lines[key] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            for name, child in node.value:
                self._index(child, (*key, name.value))
                self._lines[(*key, name.value)] = name.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for position, child in enumerate(node.value):
                self._index(child, (*key, position))
