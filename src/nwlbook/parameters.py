"""The parameters of the whole book: one typed model, its domains from the evidence."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from helpers import data_package, evidence
from helpers.errors import AssumptionError, EvidenceError
from helpers.finance.assumptions import AS_PUBLISHED, AS_SCENARIO, Assumptions, expected
from nwlbook.errors import InputError

SECTOR = "nwl"
Value = str | int | float | bool
# A single percentage may be written as a number where a list or a word is also allowed.
Words = Annotated[
    str, BeforeValidator(lambda value: f"{value:g}" if isinstance(value, int | float) else value)
]
PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
LONGEST = 200
SHOWN = 80
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TOUCHED = "partnership-priority-matrix"
NAMED = ("borough", "priority", "scenario")
CASE = tuple(field.name for field in fields(Assumptions))


class BookParameters(BaseModel):
    """What a build or a run can be asked for.

    A notebook takes those that its own `parameters` cell declares.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    borough: str = Field(SECTOR, description="Area that the reader cares about; nwl is all eight")
    priority: int = Field(1, description="Priority of the 2024 plan")
    scenario: str = Field("mid", description="Savings scenario of the 2009 business case")
    savings: Words = Field(
        AS_SCENARIO,
        description="Percentages of acute spend saved in each year, such as 0,2,6,10, instead of "
        "the scenario's",
    )
    start_date: str = Field(
        AS_PUBLISHED, description="First day of the month in which the Partnership starts"
    )
    slippage_months: int = Field(0, description="Months that it starts after the start date")
    interim_share: Words = Field(
        AS_PUBLISHED,
        description="Per cent of the Partnership's staff who are interim, in all years",
    )
    contribution_basis: str = Field(
        "weighted-population", description="How the Partnership's cost is shared out"
    )
    discount_rate: float = Field(3.5, description="Discount rate, per cent a year")
    price_base: str = Field("2009/10", description="Financial year whose prices money is shown in")
    saving_correlation: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Correlation of savings between boroughs in the simulation, 0 to 1",
    )

    as_of: str = Field(
        "2026-11-22", description="Day that the book looks from: what is past and what falls due"
    )

    @field_validator(
        "priority", "slippage_months", "discount_rate", "saving_correlation", mode="before"
    )
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        # Pydantic also takes True for 1, and texts such as 1_000, nan and infinity.
        if isinstance(value, bool) or (isinstance(value, str) and not PLAIN.fullmatch(value)):
            raise ValueError(value)
        return value

    @field_validator("as_of")
    @classmethod
    def _a_day(cls, text: str) -> str:
        if not DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()

    def changed(self) -> str:
        """Say which parameters differ from the book's defaults, for its front page.

        The area and the priority are no assumptions: titles say them.
        """
        return ", ".join(
            f"{name.replace('_', ' ')} {getattr(self, name)}"
            for name, about in type(self).model_fields.items()
            if name not in ("borough", "priority") and getattr(self, name) != about.default
        )

    def case(self) -> Assumptions:
        """Return the parameters of the 2009 case.

        Raises
        ------
        AssumptionError
            If one is out of its range.
        """
        return Assumptions(**{name: getattr(self, name) for name in CASE})


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
    touched : mapping
        Borough to the priorities that the plan of its partnership touches.
    """

    allowed: Mapping[str, tuple[Value, ...]]
    boroughs: tuple[str, ...]
    names: Mapping[str, str]
    touched: Mapping[str, frozenset[Value]] = field(default_factory=dict)

    def repeated(self, name: str, borough: str = SECTOR) -> tuple[Value, ...]:
        """Return the values that a notebook repeats for in an edition, in their order.

        A borough's edition has that borough alone, and its own priorities before the others.
        """
        if name == "borough":
            return self.boroughs if borough == SECTOR else (borough,)
        if name == "priority":
            own = self.touched.get(borough, frozenset())
            return tuple(sorted(self.allowed[name], key=lambda value: value not in own))
        return self.allowed[name]


def read_domains() -> Domains:
    """Read the domains from the evidence.

    Sources: the resources ``areas``, ``priorities`` and ``savings-scenarios``.

    Raises
    ------
    EvidenceError
        If they cannot be read, or there is no area for the sector.
    """
    areas = evidence.rows("areas")
    if not any(row["area"] == SECTOR for row in areas):
        raise EvidenceError(f"table 'areas': no area '{SECTOR}': expected a row for it")
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
        touched=_touched(),
    )


def _touched() -> dict[str, frozenset[Value]]:
    """Read which priorities each borough's plan touches, where the evidence judges that."""
    held = {entry["name"] for entry in data_package.descriptor()["resources"]}
    if not held >= {TOUCHED, "partnership-priorities", "partnership-boroughs"}:
        return {}
    partnerships = {
        row["item_id"]: row["partnership"] for row in evidence.rows("partnership-priorities")
    }
    found: dict[str, set[Value]] = {}
    for row in evidence.rows(TOUCHED):
        if row["priority"] is not None:
            found.setdefault(partnerships[row["item_id"]], set()).add(row["priority"])
    return {
        row["area"]: frozenset(found.get(row["partnership"], ()))
        for row in evidence.rows("partnership-boroughs")
    }


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
    for name, value in given.items():
        if name not in BookParameters.model_fields:
            raise InputError(
                f"unknown parameter '{name}': {_expected(BookParameters.model_fields, name)}", file
            )
        if isinstance(value, str) and len(value) > LONGEST:
            raise InputError(
                f"parameter {name}={value[:SHOWN]}…: expected at most {LONGEST} characters", file
            )
    try:
        parameters = BookParameters.model_validate(dict(given))
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        raise InputError(
            f"parameter {name}={problem['input']}: {_wanted(name, domains)}", file
        ) from error
    for name, allowed in domains.allowed.items():
        value = getattr(parameters, name)
        if value not in allowed:
            raise InputError(f"unknown {name} '{value}': {_expected(allowed, str(value))}", file)
    if not domains.allowed.keys() >= set(given) & set(CASE):
        try:
            parameters.case()
        except AssumptionError as error:
            raise InputError(f"parameter {error}", file) from error
    return parameters


def run_name(stem: str, values: Mapping[str, Value]) -> str:
    """Name a run after its notebook and what it is asked for, fit for a file's name.

    Parameters
    ----------
    stem : str
        Of the notebook.
    values : mapping
        Its parameters; those at the book's default are left out, but what says which
        chapter it is stays.
    """
    parts = [stem]
    for name, value in sorted(values.items()):
        if name in NAMED:
            parts.append(str(value))
        elif value != BookParameters.model_fields[name].default:
            # A minus sign would be lost among the hyphens.
            sign = "minus-" if isinstance(value, int | float) and value < 0 else ""
            parts.append(f"{name}-{sign}{value}")
    return re.sub(r"[^\w.]+", "-", "-".join(parts)).replace("_", "-")


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


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Split each ``NAME=VALUE`` of the command line.

    Raises
    ------
    InputError
        If one is of another form, or a name is given twice.
    """
    given: dict[str, str] = {}
    for name, value in map(assignment, texts):
        if name in given:
            raise InputError(f"-p {name}: given twice, {given[name]} and {value}: expected once")
        given[name] = value
    return given


def _wanted(name: str, domains: Domains) -> str:
    """Say what a parameter may be whose value is not even of its kind."""
    if name in domains.allowed:
        return _expected(domains.allowed[name])
    if name in CASE:
        return expected(name)
    if name == "as_of":
        return "expected a day such as 2026-11-22"
    field = BookParameters.model_fields[name]
    kind = {"int": "a whole number", "float": "a number"}.get(
        getattr(field.annotation, "__name__", ""), "a text"
    )
    limits = {
        key: getattr(each, key)
        for each in field.metadata
        for key in ("ge", "le")
        if hasattr(each, key)
    }
    return f"expected {kind}" + (f" from {limits['ge']} to {limits['le']}" if limits else "")


def _expected(allowed: Iterable[Value], value: str = "") -> str:
    names = [str(item) for item in allowed]
    near = difflib.get_close_matches(value, names, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"expected one of {', '.join(names)}{hint}"
