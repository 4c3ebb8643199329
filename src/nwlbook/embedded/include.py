"""Put included files into a chapter's Markdown, as Quarto's include shortcode does."""

import re
from pathlib import Path

from nwlbook.embedded.source import Passage, Place

_INCLUDE = re.compile(r"^\s{0,3}\{\{<\s*include\s+(?:\"([^\"]+)\"|'([^']+)'|(\S+))\s*>\}\}\s*$")
_ENDINGS = {".qmd", ".md"}


def expand_includes(
    passage: Passage, project: Path, folder: Path, above: tuple[Path, ...] = ()
) -> Passage:
    """Return Markdown with each include replaced by the lines of its file.

    Parameters
    ----------
    passage : Passage
        Markdown of a chapter, or of an included file.
    project : Path
        The project's folder; an address that starts with a slash begins there.
    folder : Path
        Where other addresses begin.
    above : tuple of Path
        The files that include this one.

    Raises
    ------
    InputError
        With the line, if a file does not exist, is not Markdown, lies outside the project or
        includes itself.
    """
    includes = {
        index: match for index, line in passage.prose_lines() if (match := _INCLUDE.match(line))
    }
    if not includes:
        return passage
    result = Passage(passage.file)
    for index, (line, place) in enumerate(zip(passage.lines, passage.places, strict=True)):
        if index not in includes:
            result.lines.append(line)
            result.places.append(place)
            continue
        inner = _read(includes[index], place, project, folder, above)
        result.lines.extend(inner.lines)
        result.places.extend(inner.places)
    return result


def _read(
    match: re.Match[str], place: Place, project: Path, folder: Path, above: tuple[Path, ...]
) -> Passage:
    name = match[1] or match[2] or match[3]
    path = (project / name[1:] if name.startswith("/") else folder / name).resolve()
    if not path.is_relative_to(project.resolve()):
        raise place.error(f"the included file '{name}' lies outside the project")
    if path.suffix not in _ENDINGS:
        raise place.error(f"cannot include '{name}': expected a .qmd or .md file")
    if path in above:
        raise place.error(f"'{name}' includes itself")
    if not path.is_file():
        raise place.error(f"the included file '{name}' does not exist")
    shown = path.relative_to(project.resolve()).as_posix()
    inner = Passage(shown)
    inner.add(path.read_text(encoding="utf-8").rstrip("\n"), Place(shown, 1))
    if inner.lines[0].rstrip() == "---":
        raise Place(shown, 1).error("an included file must not have front matter")
    return expand_includes(inner, project, path.parent, (*above, path))
