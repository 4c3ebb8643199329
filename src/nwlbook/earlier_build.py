"""Read an earlier build, or a copy of a site that it published, to compare the book with."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nwlbook.disclosed import RULES, rules
from nwlbook.editions import FOLDER, place
from nwlbook.errors import InputError
from nwlbook.figures_record import NAME, FiguresRecord, PublishedFigure, read_record
from nwlbook.manifest import NAME as MANIFEST

OPTION = "--since"


@dataclass(frozen=True)
class EarlierEdition:
    """One edition of an earlier build.

    Attributes
    ----------
    record : FiguresRecord
        What it published.
    site : Path
        Where its pages and data are.
    """

    record: FiguresRecord
    site: Path

    def data_of(self, figure: PublishedFigure) -> str:
        """Return the data of a figure as it was published then.

        Raises
        ------
        InputError
            If it is missing, or is not what the record says: nothing true could be said of it.
        """
        file = self.site / figure.data
        try:
            content = file.read_bytes()
            text = content.decode()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", f"{OPTION}: {file}") from error
        except UnicodeDecodeError as error:
            raise InputError("is not UTF-8 text", f"{OPTION}: {file}") from error
        if hashlib.sha256(content).hexdigest() != figure.sha256:
            raise InputError(
                f"is not the data that {NAME} beside it records: expected an unchanged copy",
                f"{OPTION}: {file}",
            )
        return text


@dataclass(frozen=True)
class EarlierBuild:
    """An earlier build.

    Attributes
    ----------
    editions : mapping
        Slug to edition.
    """

    editions: Mapping[str, EarlierEdition]


def read_earlier(path: Path) -> EarlierBuild:
    """Read what an earlier build published.

    Parameters
    ----------
    path : Path
        Its manifest, the folder that holds it, or a folder with a copy of a site.

    Raises
    ------
    InputError
        If there is no such build, it kept no record, or its record is damaged.
    """
    if not path.exists():
        raise InputError(f"{OPTION} {path}: not found")
    folder = path if path.is_dir() else path.parent
    names = (MANIFEST, NAME) if path.is_dir() else (path.name,)
    if MANIFEST in names and (folder / MANIFEST).is_file():
        # The folder of all builds has links to the newest one, which the next build moves.
        return _of_manifest((folder / MANIFEST).resolve(), path)
    if NAME in names and (folder / NAME).is_file():
        return EarlierBuild(dict(_of_site(folder.resolve())))
    raise InputError(
        f"{OPTION} {path}: expected {MANIFEST} of a build, the folder with it, "
        f"or a copy of a site with {NAME}"
    )


def refuse_other_rules(earlier: EarlierBuild) -> None:
    """Refuse to say what changed since an edition that printed what is suppressed now.

    Raises
    ------
    InputError
        If its counts were suppressed by other rules than those of the evidence now, or not at
        all.
    """
    now = rules()
    for slug, edition in earlier.editions.items():
        if now and edition.record.made_with.get(RULES) != now:
            raise InputError(
                f"{OPTION}: edition {slug} was made under other rules of disclosure control, and "
                "may print what is suppressed now: expected an edition made under the present ones"
            )


def _of_manifest(file: Path, path: Path) -> EarlierBuild:
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        described: dict[str, Any] = dict(manifest["figures"])
    except KeyError as error:
        raise InputError(
            f"{OPTION} {path}: that build kept no record of its figures: "
            "build that edition again with this version of nwlbook"
        ) from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{OPTION} {path}: {MANIFEST} is not that of a build") from error
    found: dict[str, EarlierEdition] = {}
    for slug, summary in described.items():
        site = file.parent / "site" / place(slug)
        edition = EarlierEdition(_record(site / NAME), site)
        said = summary.get("sha256") if isinstance(summary, dict) else None
        if edition.record.edition != slug or edition.record.digest() != said:
            raise InputError(
                f"is not the record that {MANIFEST} names: expected an unchanged build",
                f"{OPTION}: {site / NAME}",
            )
        found[slug] = edition
    return EarlierBuild(found)


def _of_site(site: Path) -> Iterator[tuple[str, EarlierEdition]]:
    for file in (site / NAME, *sorted((site / FOLDER).glob(f"*/{NAME}"))):
        record = _record(file)
        yield record.edition, EarlierEdition(record, file.parent)


def _record(file: Path) -> FiguresRecord:
    try:
        return read_record(file)
    except InputError as error:
        raise InputError(error.message, f"{OPTION}: {error.file}") from error
