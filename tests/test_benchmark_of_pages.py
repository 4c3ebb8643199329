"""The benchmark that lets Lighthouse judge pages: what it serves, counts and reports."""

import gzip
import http.client
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pages_benchmark", FOLDER / "lighthouse.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(performance: float = 0.97, icon: float = 1) -> dict[str, Any]:
    """Return a report as far as it is read."""
    times = {
        "first-contentful-paint": (1400, "millisecond"),
        "largest-contentful-paint": (1700, "millisecond"),
        "total-blocking-time": (50, "millisecond"),
        "cumulative-layout-shift": (0.01, "unitless"),
    }
    audits: dict[str, Any] = {
        name: {"numericValue": value, "numericUnit": unit, "score": 0.9}
        for name, (value, unit) in times.items()
    }
    audits["errors-in-console"] = {"score": icon}
    requests = [("Document", 20_000), ("Font", 56_000), ("Image", 1_000)]
    audits["network-requests"] = {
        "details": {"items": [{"resourceType": kind, "transferSize": n} for kind, n in requests]}
    }
    scores = {"performance": performance, "accessibility": 1, "best-practices": icon}
    return {
        "categories": {
            name: {"score": score, "auditRefs": [{"id": "errors-in-console", "weight": 1}]}
            for name, score in scores.items()
        },
        "audits": audits,
    }


def test_judgement_is_the_median_of_the_runs(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = iter([run(0.5), run(0.96), run(0.99)])
    monkeypatch.setattr(bench, "lighthouse", lambda address: next(runs))
    judged = bench.judge("address")
    assert judged.scores == {"performance": 96, "accessibility": 100, "best-practices": 100}
    assert judged.times["first-contentful-paint"] == 1.4
    assert judged.times["cumulative-layout-shift"] == 0.01
    assert (judged.fonts, judged.rest) == (56, 21)
    assert judged.lost == set()
    assert bench.is_kept(judged)
    assert ": kept." in bench.report({"Welcome": judged})


def test_page_that_falls_short_is_said_with_its_cause(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "lighthouse", lambda address: run(icon=0.96))
    judged = bench.judge("address")
    assert not bench.is_kept(judged)
    text = bench.report({"Welcome": judged})
    assert ": not kept." in text
    assert "best-practices: errors-in-console" in text
    assert (
        "| Welcome (`index.html`) | 97 | 100 | 96 | 1.40 | 1.70 | 0.05 | 0.01 | 21 | 56 |" in text
    )


def test_pages_are_served_as_a_host_serves_them(bench: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>Welcome</p>")
    (tmp_path / "font.woff2").write_bytes(b"font")
    with bench.served(tmp_path) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)

        def got(path: str) -> tuple[int, str | None, bytes]:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Encoding"], answer.read()

        status, coding, content = got("/")
        assert (status, coding) == (200, "gzip")
        assert gzip.decompress(content) == b"<p>Welcome</p>"
        assert got("/font.woff2") == (200, None, b"font")
        assert got("/favicon.ico")[0] == 404
        connection.close()


def test_without_a_built_book_it_says_what_to_do(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["lighthouse.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="run 'make book' first"):
        bench.main()


def test_lighthouse_is_pinned_exactly_and_its_lock_names_no_address() -> None:
    package = json.loads((FOLDER / "package.json").read_text("utf-8"))
    (version,) = package["devDependencies"].values()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))["packages"]
    assert lock["node_modules/lighthouse"]["version"] == version
    assert all(
        "integrity" in item and "resolved" not in item for path, item in lock.items() if path
    )
