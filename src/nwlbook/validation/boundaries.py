"""Check the shapes that the maps draw: one for each borough."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from helpers import evidence
from helpers.errors import EvidenceError
from nwlbook.validation.descriptor import tables_of
from nwlbook.validation.words import quoted


def _closed(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if ring[0] != ring[-1]:
        raise ValueError("expected a ring that ends where it begins")
    return ring


Position = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
Ring = Annotated[list[Position], Field(min_length=4), AfterValidator(_closed)]
Polygon = Annotated[list[Ring], Field(min_length=1)]


class _Shape(BaseModel):
    type: Literal["Polygon"]
    coordinates: Polygon


class _Shapes(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Polygon], Field(min_length=1)]


class _Properties(BaseModel):
    area: str


class _Feature(BaseModel):
    properties: _Properties
    geometry: Annotated[_Shape | _Shapes, Field(discriminator="type")]


class _Boundaries(BaseModel):
    """What the maps draw: shapes in longitude and latitude, each of an area."""

    features: list[_Feature]


def boundary_problems(root: Path, described: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what would keep the maps from drawing each borough.

    Parameters
    ----------
    root : Path
        Folder of the project.
    described : list of dict
        The resources of the descriptor, each of a file that is well formed.

    Yields
    ------
    str
        The file, the place in it, the value and what was expected.
    """
    try:
        has_areas = any(entry["name"] == "areas" for entry in tables_of(described))
        areas = evidence.rows("areas") if has_areas else []
    except EvidenceError:
        # A required cell is empty: the check of the limits names it.
        return
    boroughs = [row["area"] for row in areas if row.get("kind") == "borough"]
    for entry in described:
        if entry["path"].endswith(".geojson"):
            content = (root / "data" / entry["path"]).read_bytes()
            for found in _shape_problems(content, boroughs):
                yield f"data/{entry['path']}: {found}"


def _shape_problems(content: bytes, boroughs: Collection[str]) -> Iterator[str]:
    try:
        boundaries = _Boundaries.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # Features are counted from 1, as rows are.
        steps = [step + 1 if isinstance(step, int) else step for step in first["loc"]]
        place = f"{' '.join(map(str, steps)).replace('features', 'feature', 1)}: " if steps else ""
        value = f"{quoted(first['input'])}: " if steps and _is_scalar(first["input"]) else ""
        yield f"{place}{value}{first['msg'].replace('Input should be', 'expected')}"
        return
    drawn = [feature.properties.area for feature in boundaries.features]
    for number, area in enumerate(drawn, start=1):
        if area not in boroughs or area in drawn[: number - 1]:
            yield f"feature {number}: area {quoted(area)}: expected a borough, each of them once"
    for borough in boroughs:
        if borough not in drawn:
            yield f"no feature of the area '{borough}': expected one for each borough"


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)
