"""The evidence as its files hold it: the descriptor and the texts of the cells."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, str]
# Tables about the evidence, which are no evidence themselves.
RECORDS = ("sources", "verification", "unproven")


class Evidence:
    """The evidence of a project.

    Parameters
    ----------
    root : Path
        Folder of the project.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The whole of `data/datapackage.yaml`."""
        text = (self.root / "data" / "datapackage.yaml").read_text("utf-8")
        # The safe loader in C: the descriptor is long.
        found: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
        return found

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Name of each table to its description."""
        return {entry["name"]: entry for entry in self.descriptor["resources"] if "schema" in entry}

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table, each cell as it is written."""
        with (self.root / "data" / self.tables[name]["path"]).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def file(self, name: str) -> str:
        """Return the file of a table, relative to the project."""
        return f"data/{self.tables[name]['path']}"

    def other_files_of(self, title: str) -> list[str]:
        """Return the files that are no tables and name a source by its title."""
        return [
            f"data/{entry['path']}"
            for entry in self.descriptor["resources"]
            if "schema" not in entry and title in [named["title"] for named in entry["sources"]]
        ]

    @cached_property
    def rows_of_sources(self) -> dict[str, dict[str, int]]:
        """Key of each source to the tables that cite it and the number of rows."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for name, entry in self.tables.items():
            if any(field["name"] == "source_id" for field in entry["schema"]["fields"]):
                for row in self.rows(name):
                    if name not in RECORDS:
                        found[row["source_id"]][name] += 1
        return found

    def read_in(self, name: str) -> list[str]:
        """Return the notebooks and helpers that name a table, relative to the project."""
        return [
            file.relative_to(self.root).as_posix()
            for file, text in self._texts
            if f'"{name}"' in text or f'\\"{name}\\"' in text
        ]

    @cached_property
    def _texts(self) -> list[tuple[Path, str]]:
        return [(file, file.read_text("utf-8")) for file in self._readers()]

    def _readers(self) -> Iterator[Path]:
        yield from sorted((self.root / "notebooks").glob("*.ipynb"))
        yield from sorted((self.root / "src" / "helpers").rglob("*.py"))
