"""The parameters of the whole book: one typed model, its domains from the evidence."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers import evidence
from nwlbook.errors import InputError

SECTOR = "nwl"
Value = str | int | float | bool


class BookParameters(BaseModel):
    """What a build or a run can be asked for.

    A notebook takes those that its own `parameters` cell declares.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    borough: str = Field(SECTOR, description="Area that the reader cares about; nwl is all eight")
    priority: int = Field(1, description="Priority of the 2024 plan")
    scenario: str = Field("mid", description="Savings scenario of the 2009 business case")


@dataclass(frozen=True)
class Domains:
    """The values that each parameter may take.

    Attributes
    ----------
    allowed : mapping
        Parameter name to its values, in the order of the evidence.
    boroughs : tuple of str
        The boroughs alone, which a notebook may repeat for.
    names : mapping
        Area slug to its name.
    """

    allowed: Mapping[str, tuple[Value, ...]]
    boroughs: tuple[str, ...]
    names: Mapping[str, str]

    def repeated(self, name: str) -> tuple[Value, ...]:
        """Return the values that a notebook repeats for."""
        return self.boroughs if name == "borough" else self.allowed[name]


def read_domains() -> Domains:
    """Read the domains from the evidence.

    Sources: the resources ``areas``, ``priorities`` and ``savings-scenarios``.
    """
    areas = evidence.rows("areas")
    boroughs = tuple(row["area"] for row in areas if row["kind"] == "borough")
    scenarios = dict.fromkeys(row["scenario"] for row in evidence.rows("savings-scenarios"))
    return Domains(
        allowed={
            "borough": (SECTOR, *boroughs),
            "priority": tuple(row["priority"] for row in evidence.rows("priorities")),
            "scenario": tuple(scenarios),
        },
        boroughs=boroughs,
        names={row["area"]: row["name"] for row in areas},
    )


def validated(
    given: Mapping[str, Any], domains: Domains, file: str | None = None
) -> BookParameters:
    """Check parameters and return them with the defaults of those not given.

    Parameters
    ----------
    given : mapping
        Names to values; text is converted where the parameter is a number.
    domains : Domains
        Values allowed.
    file : str, optional
        Where they were given, if it is a file; errors name it.

    Raises
    ------
    InputError
        Naming the parameter, the value, what was expected and the nearest match.
    """
    for name in given:
        if name not in BookParameters.model_fields:
            raise InputError(
                f"unknown parameter '{name}': {_expected(BookParameters.model_fields, name)}", file
            )
    try:
        parameters = BookParameters.model_validate(dict(given))
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        raise InputError(
            f"parameter {name}={problem['input']}: {_expected(domains.allowed[name])}", file
        ) from error
    for name, allowed in domains.allowed.items():
        value = getattr(parameters, name)
        if value not in allowed:
            raise InputError(f"unknown {name} '{value}': {_expected(allowed, str(value))}", file)
    return parameters


def assignment(text: str) -> tuple[str, str]:
    """Split ``NAME=VALUE`` of the command line.

    Raises
    ------
    InputError
        If there is no equals sign or no name.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise InputError(f"-p {text}: expected NAME=VALUE")
    return name.strip(), value.strip()


def _expected(allowed: Iterable[Value], value: str = "") -> str:
    names = [str(item) for item in allowed]
    near = difflib.get_close_matches(value, names, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"expected one of {', '.join(names)}{hint}"
