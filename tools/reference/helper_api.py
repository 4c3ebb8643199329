"""What notebooks may import: signatures and docstrings, read without running any of it."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import griffe

from reference.markdown_text import prose

WIDEST = 96
PACKAGE = "helpers"
_CELL = re.compile(r"^```\{python\}\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
Documented = griffe.Function | griffe.Class


def helper_pages(root: Path) -> dict[str, str]:
    """Return a page for the single modules, one for each package, and an index.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    dict
        File name to text. Only modules that a notebook or a page imports are in it.
    """
    package: Any = griffe.load(
        PACKAGE,
        search_paths=[str(root / "src")],
        docstring_parser="numpy",
        allow_inspection=False,
    )
    modules: dict[str, griffe.Module] = {}
    for path in imported_paths(code for file in _sources(root) for code in _code(file)):
        module = _module_of(package, path)
        if module is not None:
            modules[module.path] = module
    grouped: dict[str, list[griffe.Module]] = defaultdict(list)
    for path, module in sorted(modules.items()):
        top = path.split(".")[1]
        grouped[top if package[top].is_init_module else ""].append(module)
    made = {
        f"{PACKAGE}-{name}.md" if name else f"{PACKAGE}.md": _page(name, found)
        for name, found in grouped.items()
    }
    packages = "\n".join(
        f"- [`{PACKAGE}.{name}`]({PACKAGE}-{name}.md): {_summary(package[name])}"
        for name in sorted(filter(None, grouped))
    )
    made[f"{PACKAGE}.md"] += f"\n\n## Packages with a page of their own\n\n{packages}"
    return made


def imported_paths(sources: Iterable[str]) -> set[str]:
    """Return what code imports from the helpers, as dotted paths.

    Parameters
    ----------
    sources : iterable of str
        Python code.
    """
    found = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module:
                if node.module.split(".")[0] == PACKAGE:
                    found |= {f"{node.module}.{name.name}" for name in node.names}
            elif isinstance(node, ast.Import):
                found |= {name.name for name in node.names if name.name.startswith(f"{PACKAGE}.")}
    return found


def _sources(root: Path) -> list[Path]:
    return [*sorted((root / "notebooks").glob("*.ipynb")), *sorted(root.glob("*.qmd"))]


def _code(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    if file.suffix == ".qmd":
        yield from (match["code"] for match in _CELL.finditer(text))
        return
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _module_of(package: Any, path: str) -> griffe.Module | None:
    """Return the module that a path names or that holds what it names."""
    found = package
    for name in path.split(".")[1:]:
        member = found.members.get(name)
        # A package passes on names of its modules: the import is of the package.
        if member is None or member.is_alias or not member.is_module:
            break
        found = member
    return None if found is package else found


def _page(name: str, modules: list[griffe.Module]) -> str:
    title = f"`{PACKAGE}.{name}`" if name else f"`{PACKAGE}`"
    opening = (
        "What notebooks import, from the code's own docstrings. Names that begin with an "
        "underscore, and modules that no notebook imports, are left out."
    )
    return "\n\n".join([f"# {title}", opening, *(_section(module) for module in modules)])


def _section(module: griffe.Module) -> str:
    parts = [f"## `{module.path}`", _lead(module)]
    members = [_resolved(member) for member in _public(module)]
    # Names that are assigned several at a time cannot be followed to where they are.
    constants = [found.name for found in members if found.is_alias or found.is_attribute]
    if constants:
        parts.append("Constants: " + ", ".join(f"`{name}`" for name in constants) + ".")
    for found in members:
        if isinstance(found, griffe.Function):
            parts.append(_function(found))
        elif isinstance(found, griffe.Class):
            parts.append(_class(found))
    return "\n\n".join(part for part in parts if part)


def _public(module: griffe.Module) -> list[Any]:
    if module.exports is not None:
        return [module.members[str(name)] for name in module.exports]
    return [
        member
        for name, member in module.members.items()
        if not name.startswith("_")
        and not member.is_alias
        and (member.is_function or member.is_class)
    ]


def _resolved(member: Any) -> Any:
    try:
        return member.final_target if member.is_alias else member
    except griffe.AliasResolutionError:
        return member


def _function(function: griffe.Function) -> str:
    parts = [f"### `{function.name}`", _code_block(_signature(function)), *_described(function)]
    return "\n\n".join(parts)


def _class(found: griffe.Class) -> str:
    parts = [f"### `{found.name}`"]
    if "dataclass" in found.labels or "__init__" in found.members:
        parts.append(_code_block(_signature(found)))
    parts += _described(found)
    methods = [
        f"- `{_signature(member, compact=True)}`: {_summary(member)}"
        if isinstance(member, griffe.Function)
        else f"- `{name}`: {_summary(member)}"
        for name, member in found.members.items()
        if not name.startswith("_")
        and not member.is_alias
        and (member.is_function or "property" in member.labels)
    ]
    if methods:
        parts.append("\n".join(["Methods and properties:", "", *methods]))
    return "\n\n".join(parts)


def _signature(found: Documented, compact: bool = False) -> str:
    text = str(found.signature())
    if found.is_class:
        text = f"{found.name}({', '.join(_parameters(found))})"
    text = text.replace("(self, ", "(").replace("(self)", "()")
    if compact or len(text) <= WIDEST:
        return text
    names = [part for part in _parameters(found) if part != "self"]
    given = found.returns if isinstance(found, griffe.Function) else None
    returns = f" -> {given}" if given else ""
    return "\n".join([f"{found.name}(", *(f"    {part}," for part in names), f"){returns}"])


def _parameters(found: Documented) -> list[str]:
    parts: list[str] = []
    keywords_only = False
    for parameter in found.parameters:
        if parameter.name == "self":
            continue
        kind = parameter.kind.value if parameter.kind else ""
        stars = {"variadic positional": "*", "variadic keyword": "**"}.get(kind, "")
        if kind == "keyword-only" and not keywords_only:
            parts.append("*")
        keywords_only = keywords_only or kind in ("keyword-only", "variadic positional")
        annotation = f": {parameter.annotation}" if parameter.annotation else ""
        default = ""
        if parameter.default is not None and not stars:
            default = f" = {parameter.default}" if annotation else f"={parameter.default}"
        parts.append(f"{stars}{parameter.name}{annotation}{default}")
    return parts


def _described(found: Documented) -> list[str]:
    if found.docstring is None:
        return []
    parts = [_lead(found)]
    for section in found.docstring.parsed:
        kind = section.kind.value
        if kind in ("parameters", "attributes", "other parameters"):
            lines = [
                f"- `{item.name}`{_kind(item)}: {prose(item.description)}" for item in section.value
            ]
            parts.append("\n".join([f"{kind.capitalize()}:", "", *lines]))
        elif kind in ("returns", "yields"):
            parts.append(f"{kind.capitalize()}: " + "; ".join(map(_returned, section.value)))
        elif kind == "raises":
            lines = [f"- `{item.annotation}`: {prose(item.description)}" for item in section.value]
            parts.append("\n".join(["Raises:", "", *lines]))
    return parts


def _kind(item: Any) -> str:
    return f" (`{item.annotation}`)" if item.annotation else ""


def _returned(item: Any) -> str:
    name = f"`{item.name}` " if item.name else ""
    kind = f"`{item.annotation}`" if item.annotation else ""
    return f"{name}{kind}. {prose(item.description)}".strip().removesuffix(".") + "."


def _lead(found: Any) -> str:
    """Return the first section of a docstring: its words before any list of parameters."""
    if found.docstring is None:
        return ""
    for section in found.docstring.parsed:
        if section.kind.value == "text":
            return "\n\n".join(prose(part) for part in section.value.split("\n\n"))
    return ""


def _summary(found: Any) -> str:
    return _lead(found).split("\n\n")[0]


def _code_block(text: str) -> str:
    return f"```python\n{text}\n```"
