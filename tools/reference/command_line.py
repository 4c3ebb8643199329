"""The page on the command, from the command itself."""

from collections.abc import Iterator
from typing import Any

from reference.markdown_text import prose, table

OPENING = """\
# The command `nwlbook`

From `src/nwlbook/cli.py`. It ends with 0 when done, 1 when a build failed, 2 when the input was
bad, 130 when it was interrupted. `nwlbook COMMAND --help` says the same in the terminal."""


def command_line() -> str:
    """Return the page: each command with its arguments and options."""
    import typer

    from nwlbook.cli import app

    parts = [OPENING]
    for name, command in _commands("nwlbook", typer.main.get_command(app)):
        parts += [
            f"## `{name}`",
            f"```text\n{_usage(name, command)}\n```",
            prose(command.help or ""),
        ]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            parts.append(table(("Argument or option", "Takes", "Default", "What it does"), rows))
    return "\n\n".join(parts)


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, found in inner.items():
        yield from _commands(f"{name} {word}", found)


def _usage(name: str, command: Any) -> str:
    arguments = [
        _metavar(parameter) + ("…" if parameter.nargs == -1 else "")
        for parameter in command.params
        if not _is_option(parameter)
    ]
    options = ["[OPTIONS]"] if any(map(_is_option, command.params)) else []
    return " ".join([name, *options, *arguments])


def _row(parameter: Any) -> tuple[str, str, str, str]:
    is_option = _is_option(parameter)
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    takes = "" if is_option and parameter.is_flag else f"`{_metavar(parameter)}`"
    if is_option and parameter.multiple:
        takes += ", may be repeated"
    default = parameter.default
    shown = "required" if parameter.required else ""
    if default not in (None, False, ()) and not parameter.required:
        shown = f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
    return (names if is_option else f"`{_metavar(parameter)}`", takes, shown, parameter.help or "")


def _is_option(parameter: Any) -> bool:
    return parameter.opts[0].startswith("-")


def _metavar(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    if not _is_option(parameter):
        return str(parameter.name).upper()
    kind = parameter.type_descriptor.annotation
    of = getattr(kind, "__args__", (kind,))[0]
    return {int: "WHOLE NUMBER", float: "NUMBER"}.get(of, "TEXT")
