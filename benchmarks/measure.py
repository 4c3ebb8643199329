"""Measure what builds cost, in paired runs on one machine, and write docs/benchmarks.md.

Each figure is a whole process on a copy of the project, so nothing is warm that would not be.
The comparison is with what others would use over the same notebooks: papermill's command and
nbconvert, a run at a time in a loop, and Quarto itself where it is installed. Machines speed up
and slow down within minutes, so all is done by turns: each has every build and a part of each
loop.

    make bench
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("_quarto.yml", "notebooks", "data", "src", "requirements")
BIN = Path(sys.executable).parent
STAGES = ("evidence", "execute", "images", "stage", "render", "check")
CHART = ROOT / "docs" / "images" / "benchmarks.svg"
REPORT = ROOT / "docs" / "benchmarks.md"
TURNS = 3
NOTICED_EVERY = 0.5  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    """What one process took.

    Attributes
    ----------
    seconds : float
        From start to end.
    memory : int
        Most bytes that it and its children took at once, pages that they share counted once;
        0 if nothing watched.
    manifest : mapping
        Of the build; empty if it was none.
    """

    seconds: float
    memory: int
    manifest: Mapping[str, Any]

    @property
    def executed(self) -> int:
        """Notebook runs that were not cached."""
        return sum(not run["cached"] for run in self.manifest["runs"])

    def stage(self, name: str) -> float:
        """Seconds of a stage."""
        return float(self.manifest["seconds"].get(name, 0))


@dataclass(frozen=True)
class Edit:
    """One change of a text in one file of the project."""

    file: str
    old: str
    new: str

    def make(self, project: Path) -> None:
        """Change the file."""
        replace_once(project / self.file, self.old, self.new)

    def undo(self, project: Path) -> None:
        """Change it back."""
        replace_once(project / self.file, self.new, self.old)


EDITS = {
    "prose edit in one chapter": Edit(
        "notebooks/case-for-change.ipynb",
        "Two documents make the case",
        "Two public documents make the case",
    ),
    "one cell of the competency scores": Edit(
        "data/partnership-2009/competency-scores.csv", ",2.00,", ",2.0125,"
    ),
    "one cell of the net benefits": Edit(
        "data/partnership-2009/net-benefit.csv",
        "existing_running_costs,3.72,",
        "existing_running_costs,3.7225,",
    ),
}


def main() -> None:
    """Measure, print and write the table and the chart."""
    with tempfile.TemporaryDirectory() as folder:
        builds, others = by_turns(Path(folder))
        everything = copied_project(Path(folder) / "all")
        builds["all nine editions, cold"] = build(everything, "--all", watched=True)
    text = report(builds, others)
    draw(builds, others)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def by_turns(folder: Path) -> tuple[dict[str, Measured], dict[str, float]]:
    """Build cold and after edits, and run the same notebooks by other means, by turns.

    Returns
    -------
    tuple
        Each kind of build, the mean of its turns; and the seconds of all runs by each of the
        other means.
    """
    project = copied_project(folder / "sector")
    # The first round leaves the code compiled, and is not timed but watched: to look at the
    # memory of all kernels takes a share of the cores that a loop with one kernel would not feel.
    memory = {name: one.memory for name, one in round_of_builds(project, watched=True).items()}
    runs = read_manifest(project)["runs"]
    means = {
        "papermill, a run at a time": papermill,
        "nbconvert, a run at a time": nbconvert,
    }
    # Copies of their own, which keep what analyses find from turn to turn.
    copies = {name: copied_project(folder / command.__name__) for name, command in means.items()}
    builds: dict[str, list[Measured]] = {name: [] for name in memory}
    others = dict.fromkeys(means, 0.0)
    for turn in range(TURNS):
        for name, measured in round_of_builds(project).items():
            builds[name].append(measured)
        for name, command in means.items():
            others[name] += loop(copies[name], runs[turn::TURNS], command)
    if shutil.which("quarto"):
        others["quarto render, executing"] = quarto(copied_project(folder / "quarto"))
    return {name: mean(turns, memory[name]) for name, turns in builds.items()}, others


def round_of_builds(project: Path, *, watched: bool = False) -> dict[str, Measured]:
    """Build cold, again, and after each edit; then undo the edits."""
    shutil.rmtree(project / "outputs", ignore_errors=True)
    builds = {name: build(project, watched=watched) for name in ("cold", "unchanged")}
    for name, edit in EDITS.items():
        edit.make(project)
        builds[name] = build(project, watched=watched)
    for edit in EDITS.values():
        edit.undo(project)
    return builds


def mean(turns: Sequence[Measured], memory: int) -> Measured:
    """Return builds of one kind with their seconds averaged, and the memory that they take."""
    stages = {
        name: sum(one.stage(name) for one in turns) / len(turns)
        for name in turns[0].manifest["seconds"]
    }
    return Measured(
        sum(one.seconds for one in turns) / len(turns),
        memory,
        {**turns[0].manifest, "seconds": stages},
    )


def copied_project(project: Path) -> Path:
    """Copy what a build reads."""
    project.mkdir()
    for name in COPIED + tuple(file.name for file in ROOT.glob("*.qmd")):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, project / name)
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    return project


def build(project: Path, *options: str, watched: bool = False) -> Measured:
    """Build once, and say what the whole process took."""
    seconds, memory = run([BIN / "nwlbook", "build", *options], project, watched=watched)
    return Measured(seconds, memory, read_manifest(project))


def read_manifest(project: Path) -> dict[str, Any]:
    """Return the manifest of the last build."""
    manifest = (project / "outputs" / "manifest.json").read_text(encoding="utf-8")
    return dict(json.loads(manifest))


def run(
    command: Sequence[str | Path], project: Path, *, watched: bool = False
) -> tuple[float, int]:
    """Run a command on a copy; return its seconds and, if watched, the most memory it took."""
    environment = os.environ | {
        "NWLBOOK_ROOT": str(project),
        "PYTHONPATH": str(project / "src"),
        "CI": "true",
    }
    # Whoever forbids Python to keep what it compiled compiles in every process.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    most = 0
    ended = threading.Event()
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )

    def watch() -> None:
        nonlocal most
        while watched and not ended.wait(NOTICED_EVERY):
            most = max(most, memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - began
    ended.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"benchmark: {' '.join(map(str, command))} failed: {said.strip()[-500:]}")
    return seconds, most


def memory_of(pid: int) -> int:
    """Return the bytes of a process and its descendants; shared pages count once."""
    total = 0
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in processes:
        try:
            found = process.memory_full_info()
            total += getattr(found, "pss", found.rss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def loop(
    project: Path,
    runs: Sequence[Mapping[str, Any]],
    command: Callable[[Mapping[str, Any], Path], Sequence[str | Path]],
) -> float:
    """Return the seconds of all runs one after the other, each a command of its own."""
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for each in runs:
            if str(each["notebook"]).endswith(".ipynb"):
                total += run(command(each, Path(folder)), project)[0]
    return total


def papermill(each: Mapping[str, Any], folder: Path) -> Sequence[str | Path]:
    """Return papermill's command for a run."""
    given = [
        part
        for name, value in dict(each["parameters"]).items()
        for part in ("-p", name, str(value))
    ]
    made = folder / "made.ipynb"
    return [BIN / "papermill", "--cwd", "notebooks", str(each["notebook"]), made, *given]


def nbconvert(each: Mapping[str, Any], folder: Path) -> Sequence[str | Path]:
    """Return nbconvert's command for a run; it takes no parameters."""
    return [
        *(BIN / "jupyter-nbconvert", "--execute", "--to", "notebook"),
        *("--output-dir", folder, str(each["notebook"])),
    ]


def quarto(project: Path) -> float:
    """Return the seconds in which Quarto executes and renders the notebooks itself."""
    return run(["quarto", "render", project, "--execute", "--to", "html"], project)[0]


def replace_once(file: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = file.read_text(encoding="utf-8")
    if old not in text:
        sys.exit(f"benchmark: '{old}' is gone from {file.name}")
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def report(builds: Mapping[str, Measured], others: Mapping[str, float]) -> str:
    """Return the measurements as Markdown."""
    cold = builds["cold"]
    lines = [
        "# Benchmarks",
        "",
        f"Measured by `make bench` in one go on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}: seconds of whole processes, HTML and PDF; the sector's "
        f"edition has {cold.executed} notebook runs. Memory is the most that a build and its "
        "kernels took at once, shared pages counted once, in a round of its own. All but the nine "
        f"editions are means of {TURNS} turns, each of every build and a part of each loop below.",
        "",
        f"| Build | runs executed | {' | '.join(STAGES)} | whole process | of cold | memory, MB |",
        "|---" * (len(STAGES) + 5) + "|",
    ]
    for name, measured in builds.items():
        stages = " | ".join(f"{measured.stage(stage):.1f}" for stage in STAGES)
        lines.append(
            f"| {name} | {measured.executed} | {stages} | {measured.seconds:.1f} | "
            f"{measured.seconds / cold.seconds:.1%} | {measured.memory / 1e6:.0f} |"
        )
    execute = cold.stage("execute")
    lines += [
        "",
        f"The same notebook runs by other means, against {execute:.1f} s in which the cold build "
        "executes them:",
        "",
        "| Means | seconds | times the cold build's |",
        "|---|---|---|",
        *(f"| {name} | {taken:.0f} | {taken / execute:.1f} |" for name, taken in others.items()),
        "",
        "![Seconds of each build and of executing the notebooks by other means]"
        "(images/benchmarks.svg)",
        "",
    ]
    return "\n".join(lines)


def draw(builds: Mapping[str, Measured], others: Mapping[str, float]) -> None:
    """Draw the seconds of each build, and of the notebook runs by other means."""
    from helpers import plots
    from nwlbook.images import render_svgs
    from nwlbook.theme import asset_files

    taken = {
        **{f"Build: {name}": measured.seconds for name, measured in builds.items()},
        "Notebooks only: cold build": builds["cold"].stage("execute"),
        **{f"Notebooks only: {name}": seconds for name, seconds in others.items()},
    }
    chart = plots.ranked_bars(
        list(taken),
        list(taken.values()),
        [f"{seconds:.1f} s" for seconds in taken.values()],
        axis="Seconds",
        highlighted=[name for name in taken if "cold build" in name],
    )
    with tempfile.TemporaryDirectory() as folder:
        bundle = asset_files(ROOT)["assets/plotly.min.js"]
        content = json.loads(chart.to_json(engine="json"))
        made = render_svgs({"benchmarks": content}, cache=Path(folder), bundle=bundle)
        shutil.copyfile(made["benchmarks"], CHART)


if __name__ == "__main__":
    main()
