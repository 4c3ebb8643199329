"""Boroughs that do not exist, for tests and measurements of a book of more areas than eight.

`add_boroughs` adds them to a copy of a project by data alone: rows in its tables of evidence and
shapes on its map. The descriptor, the notebooks and the code stay as they are. The same call
gives the same bytes.

    make bench
"""

import csv
import json
import multiprocessing
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from nwlbook.plan import Edition
    from nwlbook.runs import Run

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks-areas.md"
COPIED = (
    "_quarto.yml",
    "index.qmd",
    "accessibility.qmd",
    "notebooks",
    "data",
    "src",
    "requirements",
)
MEASURED = (8, 33, 317)  # areas in all; the last is how many districts England had in 2019
SECTOR, BOROUGH = "nwl", "borough"
PERCENT = Decimal(100)
PLACE = "Made up for tests"
SPREAD = 0.3  # values differ by up to this share from those of the borough they are like
STEP = 0.12  # degrees between shapes drawn beside the real ones
COLUMNS = 20  # shapes in a row
SUM_LINES = {
    "net_cost_reduction": ("existing_running_costs", "partnership_running_costs"),
    "net_benefit": (
        "net_cost_reduction",
        "retained_staff_costs",
        "other_retained_costs",
        "efficiency_benefits",
    ),
}
# Facts that are years or ranks are carried over as they are.
KEPT_UNITS = ("year", "rank")

Row = dict[str, str]
Found = TypeVar("Found")


class Table:
    """A table of evidence, to be changed and written back as it was written.

    Parameters
    ----------
    root : Path
        Folder of the project.
    path : str
        Of the file, under ``data/``.
    """

    def __init__(self, root: Path, path: str) -> None:
        self.file = root / "data" / path
        with self.file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            self.rows: list[Row] = list(reader)
            self.columns = list(reader.fieldnames or ())

    def of(self, column: str, value: str) -> list[Row]:
        """Return copies of the rows that have a value."""
        return [dict(row) for row in self.rows if row[column] == value]

    def write(self) -> None:
        """Write the file again."""
        with self.file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)


class Borough:
    """A borough made up after a real one.

    Parameters
    ----------
    number : int
        Its place among all boroughs, from 1.
    model : str
        Slug of the real borough that it is like.
    """

    def __init__(self, number: int, model: str) -> None:
        self.number, self.model = number, model
        # Names of two places need the most care in sentences, so they are among them.
        self.name = f"Nowhere {number}" if number % 2 else f"Nowhere {number} and Elsewhere"
        self.slug = self.name.lower().replace(" ", "-")
        self.code = f"E09{900000 + number}"
        self.chance = random.Random(number)  # noqa: S311

    def scaled(self, text: str) -> str:
        """Return a number somewhat off one, with as many decimals; what is empty stays empty."""
        if not text:
            return text
        value = Decimal(text)
        factor = Decimal(repr(round(self.chance.uniform(1 - SPREAD, 1 + SPREAD), 6)))
        return str((value * factor).quantize(value, ROUND_HALF_EVEN))


def add_boroughs(root: Path, count: int, *, bare: bool = False) -> list[str]:
    """Add boroughs to a project by data alone.

    Parameters
    ----------
    root : Path
        Folder of a copy of the project; its tables are changed.
    count : int
        How many.
    bare : bool
        Whether the evidence tells nothing of them but names, codes and shapes.

    Returns
    -------
    list of str
        Their slugs.
    """
    areas = Table(root, "reference/areas.csv")
    real = [row["area"] for row in areas.rows if row["kind"] == BOROUGH]
    made = [Borough(len(real) + place + 1, real[place % len(real)]) for place in range(count)]
    _add_names(root, areas, made)
    _add_shapes(root, made)
    if not bare:
        _add_statistics(root, made)
        _add_case(root, made)
        _add_plans(root, made)
    return [borough.slug for borough in made]


def _add_names(root: Path, areas: Table, made: list[Borough]) -> None:
    last = max(int(row["order"]) for row in areas.rows)
    boroughs = Table(root, "reference/boroughs.csv")
    for place, borough in enumerate(made, start=1):
        areas.rows.append(
            areas.of("area", borough.model)[0]
            | {
                "area": borough.slug,
                "name": borough.name,
                "article_name": borough.name,
                "ons_code": borough.code,
                "order": str(last + place),
                "locator": PLACE,
            }
        )
        boroughs.rows.append(
            boroughs.of("area", borough.model)[0]
            | {
                "area": borough.slug,
                "ons_code": borough.code,
                "pct_2009": f"NHS {borough.name}",
                "partnership_2024": borough.slug,
                "locator": PLACE,
            }
        )
    areas.write()
    boroughs.write()


def _add_shapes(root: Path, made: list[Borough]) -> None:
    """Draw each as its model, moved to a place of its own south of all."""
    file = root / "data" / "reference" / "borough-boundaries.geojson"
    collection = json.loads(file.read_text(encoding="utf-8"))
    shapes = {feature["properties"]["area"]: feature for feature in collection["features"]}
    corner = [
        min(point[axis] for shape in shapes.values() for point in _points(shape)) for axis in (0, 1)
    ]
    for place, borough in enumerate(made):
        model = shapes[borough.model]
        west, north = (
            pick(point[axis] for point in _points(model)) for axis, pick in ((0, min), (1, max))
        )
        aside = corner[0] + place % COLUMNS * STEP - west
        south = corner[1] - place // COLUMNS * STEP - north
        collection["features"].append(
            {
                "type": "Feature",
                "properties": {"area": borough.slug, "name": borough.name},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[round(x + aside, 5), round(y + south, 5)] for x, y in _points(model)]
                    ],
                },
            }
        )
    text = json.dumps(collection, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _points(feature: dict[str, dict[str, list[list[list[float]]]]]) -> list[list[float]]:
    return feature["geometry"]["coordinates"][0]


def _add_statistics(root: Path, made: list[Borough]) -> None:
    population = Table(root, "official-statistics/population.csv")
    for borough in made:
        rows = population.of("area", borough.model)
        for row in rows:
            # To the nearest 100, as the Census prints them.
            row["persons"] = str(round(int(borough.scaled(row["persons"])), -2))
        newest = max(row["census_year"] for row in rows)
        parts = [row for row in rows if row["age_group"] != "all" and row["census_year"] == newest]
        for row in rows:
            if row["age_group"] == "all" and row["census_year"] == newest:
                row["persons"] = str(sum(int(part["persons"]) for part in parts))
        population.rows += _own(rows, borough)
    population.write()

    lives = Table(root, "official-statistics/life-expectancy.csv")
    for borough in made:
        rows = lives.of("area", borough.model)
        for row in rows:
            row["years"] = f"{float(row['years']) + borough.chance.uniform(-2, 2):.1f}"
        lives.rows += _own(rows, borough)
    lives.write()

    deprivation = Table(root, "official-statistics/deprivation.csv")
    for borough in made:
        rows = deprivation.of("area", borough.model)
        for row in rows:
            row["average_score"] = borough.scaled(row["average_score"])
            rank = int(borough.scaled(row["rank"]))
            row["rank"] = str(min(max(1, rank), int(row["rank_out_of"])))
        deprivation.rows += _own(rows, borough)
    deprivation.write()


def _add_case(root: Path, made: list[Borough]) -> None:
    """Let the boroughs take part in the case of 2009: the shares of all add up to a hundred."""
    folder = "partnership-2009"
    for name, columns in (
        ("current-costs", ("wte", "annual_cost_gbp_m")),
        ("appendix-staff", ("wte",)),
    ):
        table = Table(root, f"{folder}/{name}.csv")
        for borough in made:
            rows = table.of("area", borough.model)
            for row in rows:
                row |= {column: borough.scaled(row[column]) for column in columns} | {"note": ""}
            table.rows += _own(rows, borough)
        for column in columns:
            _add_up(table, column)
        table.write()
    shares = _add_shares(root, made)
    contributions = _add_contributions(root, made, shares)
    benefits = _add_net_benefit(root, made, contributions)

    summary = Table(root, f"{folder}/net-benefit-summary.csv")
    for borough in made:
        rows = summary.of("area", borough.model)
        for row in rows:
            row |= {"net_benefit_gbp_m": benefits[borough.slug, row["year"]], "note": ""}
        summary.rows += _own(rows, borough)
    summary.write()

    payback = Table(root, f"{folder}/payback.csv")
    for borough in made:
        rows = payback.of("area", borough.model)
        for row in rows:
            row["payback_days"] = borough.scaled(row["payback_days"])
            printed = f"{row['payback_days']} days" if int(row["payback_days"]) else "Immediate"
            row["payback_printed"] = row["appendix_payback_printed"] = printed
        payback.rows += _own(rows, borough)
    payback.write()


def _add_shares(root: Path, made: list[Borough]) -> dict[str, Decimal]:
    """Give each new borough a share, and make those of all smaller so that they add to 100."""
    table = Table(root, "partnership-2009/contribution-shares.csv")
    for borough in made:
        rows = table.of("area", borough.model)
        for row in rows:
            row["share_percent"] = borough.scaled(row["share_percent"])
        table.rows += _own(rows, borough)
    own = [row for row in table.rows if row["area"] != SECTOR]
    whole = sum(Decimal(row["share_percent"]) for row in own)
    smallest = Decimal("0.0001")
    for row in own:
        share = Decimal(row["share_percent"]) / whole * PERCENT
        row["share_percent"] = str(share.quantize(smallest, ROUND_HALF_EVEN))
    left = PERCENT - sum(Decimal(row["share_percent"]) for row in own)
    own[0]["share_percent"] = str(Decimal(own[0]["share_percent"]) + left)
    table.write()
    return {row["area"]: Decimal(row["share_percent"]) / PERCENT for row in own}


def _add_contributions(
    root: Path, made: list[Borough], shares: dict[str, Decimal]
) -> dict[tuple[str, str], str]:
    """Share what the Partnership costs among more: the whole of each year stays as it is."""
    table = Table(root, "partnership-2009/contributions.csv")
    whole = {row["year"]: Decimal(row["contribution_gbp_m"]) for row in table.of("area", SECTOR)}
    for borough in made:
        table.rows += _own(table.of("area", borough.model), borough)
    found = {}
    for row in table.rows:
        if row["area"] in shares:
            paid = (whole[row["year"]] * shares[row["area"]]).quantize(Decimal("0.01"))
            row["contribution_gbp_m"] = found[row["area"], row["year"]] = str(paid)
    table.write()
    return found


def _add_net_benefit(
    root: Path, made: list[Borough], contributions: dict[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Add the lines of each new borough, so that they add up; the sector's grow by them."""
    table = Table(root, "partnership-2009/net-benefit.csv")
    found: dict[tuple[str, str], str] = {}
    for borough in made:
        rows = table.of("area", borough.model)
        factor = Decimal(repr(round(borough.chance.uniform(1 - SPREAD, 1 + SPREAD), 6)))
        lines = {(row["line"], row["year"]): row for row in rows}
        for (line, year), row in lines.items():
            value = Decimal(row["value_gbp_m"])
            row["value_gbp_m"] = str((value * factor).quantize(value, ROUND_HALF_EVEN))
            if line == "partnership_running_costs":
                row["value_gbp_m"] = f"-{contributions[borough.slug, year]}"
            row["note"] = ""
        for line, parts in SUM_LINES.items():
            for year in {year for _, year in lines}:
                total = sum(Decimal(lines[part, year]["value_gbp_m"]) for part in parts)
                lines[line, year]["value_gbp_m"] = str(total)
        found |= {
            (borough.slug, year): row["value_gbp_m"]
            for (line, year), row in lines.items()
            if line == "net_benefit"
        }
        for row in table.rows:
            if row["area"] == SECTOR and row["line"] != "partnership_running_costs":
                more = Decimal(lines[row["line"], row["year"]]["value_gbp_m"])
                row["value_gbp_m"] = str(Decimal(row["value_gbp_m"]) + more)
        table.rows += _own(rows, borough)
    table.write()
    return found


def _add_plans(root: Path, made: list[Borough]) -> None:
    """Give each new borough a partnership of its own, with a plan like its model's."""
    partnerships = Table(root, "plan-2024/partnerships.csv")
    members = Table(root, "plan-2024/partnership-boroughs.csv")
    items = Table(root, "plan-2024/partnership-priorities.csv")
    links = Table(root, "reconciliation/partnership-priority-matrix.csv")
    facts = Table(root, "plan-2024/borough-facts.csv")
    of_borough = {row["area"]: row["partnership"] for row in members.rows}
    for borough in made:
        partnership = of_borough[borough.model]
        partnerships.rows.append(
            partnerships.of("partnership", partnership)[0]
            | {
                "partnership": borough.slug,
                "title": borough.name,
                "heading": borough.name,
                "locator": PLACE,
            }
        )
        members.rows.append(
            members.of("area", borough.model)[0]
            | {"partnership": borough.slug, "area": borough.slug, "locator": PLACE}
        )
        renamed = {}
        for number, row in enumerate(items.of("partnership", partnership), start=1):
            renamed[row["item_id"]] = item = f"{borough.slug}-{number}"
            items.rows.append(
                row | {"item_id": item, "partnership": borough.slug, "locator": PLACE}
            )
        links.rows += [
            row
            | {
                "item_id": renamed[row["item_id"]],
                "link": row["link"].replace(row["item_id"], renamed[row["item_id"]], 1),
                "locator": PLACE,
            }
            for row in list(links.rows)
            if row["item_id"] in renamed
        ]
        rows = facts.of("area", borough.model)
        for row in rows:
            if row["unit"] not in KEPT_UNITS:
                row["value"] = borough.scaled(row["value"])
            row["note"] = ""
        facts.rows += _own(rows, borough)
    for table in (partnerships, members, items, links, facts):
        table.write()


def _own(rows: Iterable[Row], borough: Borough) -> list[Row]:
    """Return rows as those of a borough made up."""
    return [row | {"area": borough.slug, "locator": PLACE} for row in rows]


def _add_up(table: Table, column: str) -> None:
    """Make the sector's row of a column the sum of the others."""
    whole = sum(Decimal(row[column]) for row in table.rows if row["area"] != SECTOR)
    for row in table.rows:
        if row["area"] == SECTOR:
            row[column] = str(whole)


def main() -> None:
    """Measure a project of each size in a process of its own, print and write the table."""
    measured = {}
    for size in MEASURED:
        done = subprocess.run(
            [sys.executable, __file__, str(size)], check=True, capture_output=True, text=True
        )
        measured[size] = dict(json.loads(done.stdout))
    text = report(measured)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def measure(size: int) -> dict[str, float]:
    """Make a project of so many boroughs and return the seconds that each step takes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        copy_project(root)
        made, generated = timed(lambda: add_boroughs(root, size - len(real_boroughs(root))))
        os.environ["NWLBOOK_ROOT"] = str(root)
        os.chdir(root)
        from nwlbook.book import read_book
        from nwlbook.parameters import read_domains, validated
        from nwlbook.plan import plan_edition, runs_of
        from nwlbook.validation import evidence_problems

        problems, checked = timed(lambda: list(evidence_problems(root)))
        if problems:
            sys.exit(f"benchmark: the evidence made up is refused: {problems[0]}")

        def plan() -> "list[Edition]":
            domains, book = read_domains(), read_book(root)
            return [
                plan_edition(book, validated({"borough": area}, domains), domains)
                for area in (SECTOR, *domains.boroughs)
            ]

        editions, planned = timed(plan)
        last = made[-1] if made else editions[-1].slug
        profiles = {
            edition.slug: chapter.run
            for edition in (editions[1], editions[-1])
            for chapter in edition.chapters
            if edition.slug == chapter.suffix == chapter.run.parameters.get("borough")
        }
        # Each in a process of its own, of which the one kernel is the only child.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as alone:
            # The first keeps what all share; the second is what each of the others costs.
            first, second = (
                alone.submit(run_profile, root, profiles[area]).result()
                for area in (last, editions[1].slug)
            )
        return {
            "editions": len(editions),
            "runs": len(runs_of(editions)),
            "generate": generated,
            "validate": checked,
            "plan": planned,
            "first": first.seconds,
            "second": second.seconds,
            "computed": second.computed,
            "first megabytes": first.megabytes,
            "second megabytes": second.megabytes,
        }


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds, those of them that its kernel computed, and its memory."""

    seconds: float
    computed: float
    megabytes: float


def run_profile(root: Path, run: "Run") -> Cost:
    """Run a profile in a kernel started for it, and return what that took."""
    os.environ["NWLBOOK_ROOT"] = str(root)
    os.chdir(root)
    from nwlbook.cache import RunCache
    from nwlbook.execute import execute

    cache = RunCache(root / "outputs" / "cache" / "runs")
    _, seconds = timed(lambda: execute([run], root=root, cache=cache, jobs=1, warm=False))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def copy_project(root: Path) -> None:
    """Copy what a build reads."""
    root.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, root / name)
    (root / "node_modules").symlink_to(ROOT / "node_modules")


def real_boroughs(root: Path) -> list[str]:
    """Return the slugs of a project's boroughs."""
    return [row["area"] for row in Table(root, "reference/areas.csv").of("kind", BOROUGH)]


def timed(step: Callable[[], Found]) -> tuple[Found, float]:
    """Return what a step gives and the seconds it takes."""
    began = time.perf_counter()
    found = step()
    return found, time.perf_counter() - began


def report(measured: dict[int, dict[str, float]]) -> str:
    """Return the measurements as Markdown."""
    lines = [
        "# Benchmark of more areas",
        "",
        f"Measured by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}, "
        "each row in a process of its own. The areas beyond the real ones are made up by "
        "`benchmarks/synthetic.py`, by data alone. Planning is of the sector's edition and one of "
        "every borough. Profiles run in kernels started for them: the first keeps what all of them "
        "share, the second is what each of the others costs; of each the memory, of the second the "
        "seconds that its kernel computed.",
        "",
        "| Boroughs | editions | notebook runs | make up, s | validate, s | plan, s "
        "| first profile, s | MB | second, s | of computing | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(
            f"| {size} | {each['editions']:.0f} | {each['runs']:.0f} | {each['generate']:.2f} "
            f"| {each['validate']:.2f} | {each['plan']:.2f} | {each['first']:.2f} "
            f"| {each['first megabytes']:.0f} | {each['second']:.2f} | {each['computed']:.2f} "
            f"| {each['second megabytes']:.0f} |"
            for size, each in measured.items()
        ),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
