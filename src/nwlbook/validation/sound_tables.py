"""Remember which tables were found sound, so that a change in one is not a check of all."""

import json
from pathlib import Path
from typing import Any

from helpers.sealed import read_sealed, sealed
from nwlbook.cache import file_digest, write_atomically
from nwlbook.digests import digest, package_digest
from nwlbook.validation.descriptor import table_of, tables_of

NAME = "evidence/tables"


class SoundTables:
    """What is known of the tables before they are checked.

    Parameters
    ----------
    root : Path
        Folder of the project.
    memory : Path, optional
        Folder in which it is remembered which tables were found sound; without it, none is known.
    """

    def __init__(self, root: Path, memory: Path | None) -> None:
        self._root = root
        self._memory = memory
        self._keys: dict[str, str] = {}
        self._names: set[str] = set()

    def names(self, described: list[dict[str, Any]]) -> set[str]:
        """Return the tables of which every check would say what it said before: nothing.

        Parameters
        ----------
        described : list of dict
            The resources of a descriptor that was found good.
        """
        # Taken once, before the checks: what is written meanwhile is not what they saw.
        if self._memory is not None and not self._keys:
            self._keys = _keys(self._root, described)
            content = read_sealed(self._memory / NAME)
            known = json.loads(content) if content else {}
            self._names = {name for name, key in self._keys.items() if known.get(name) == key}
        return self._names

    def remember(self) -> None:
        """Remember all tables, since the whole evidence was found valid."""
        if self._memory is not None:
            write_atomically(self._memory / NAME, sealed(json.dumps(self._keys).encode()))


def _keys(root: Path, described: list[dict[str, Any]]) -> dict[str, str]:
    """Return, by table, a digest of all that its checks depend on."""
    tables = {entry["name"]: entry for entry in tables_of(described)}
    code = package_digest("nwlbook"), package_digest("helpers")
    own = {
        name: digest(
            *code,
            json.dumps(entry, sort_keys=True, default=str),
            str(file_digest(root / "data" / entry["path"])),
        )
        for name, entry in tables.items()
    }
    return {
        name: digest(
            own[name],
            *(own[table_of(key, entry)] for key in entry["schema"].get("foreignKeys", [])),
        )
        for name, entry in tables.items()
    }
