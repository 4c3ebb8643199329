import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_project import code, make_project, outputs_text, prose, write_notebook

from nwlbook.cache import RunCache
from nwlbook.errors import InputError
from nwlbook.execute import Run, RunFailed, RunResult, execute
from nwlbook.kernels import copies, server
from nwlbook.kernels.provisioner import WarmProvisioner

PARAMETERS = code('borough = "nwl"\nrate = 0.5', "parameters")
READS_BEDS = code('import csv\nrows = list(csv.DictReader(open("../data/beds.csv")))')


@pytest.fixture(scope="module", autouse=True)
def _server() -> None:
    server.warm_up()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path / "book")


def run_all(root: Path, *runs: Run, **options) -> list[RunResult]:
    options = {"jobs": 2, "time_limit": 30, **options}
    return execute(runs, root=root, cache=RunCache(root / "outputs" / "cache"), **options)


def run(root: Path, notebook: Path, parameters: dict | None = None, **options) -> RunResult:
    return run_all(root, Run(notebook.stem, notebook, parameters or {}), **options)[0]


def injected_cells(file: Path) -> list[str]:
    cells = json.loads(file.read_text())["cells"]
    return [
        cell["source"]
        for cell in cells
        if "injected-parameters" in cell["metadata"].get("tags", [])
    ]


def test_parameters_reach_the_cells_and_the_prose(root):
    notebook = write_notebook(
        root,
        "profile",
        PARAMETERS,
        code("from helpers import sums\nprint(borough, sums.double(rate))"),
        prose("In `{python} borough.title()` it is `{python} rate * 3`; not `` `{python} no` ``."),
    )
    before = notebook.read_bytes()
    result = run(root, notebook, {"borough": "brent", "rate": 1.5})
    assert outputs_text(result.notebook) == "brent 3.0\n"
    assert result.expressions == {"borough.title()": "Brent", "rate * 3": "4.5"}
    assert notebook.read_bytes() == before
    assert not result.cached


def test_the_copy_is_the_source_with_outputs_and_one_injected_cell(root):
    notebook = write_notebook(root, "profile", PARAMETERS, code("rate"), prose("Text."))
    result = run(root, notebook, {"rate": 2.0})
    source, copy = json.loads(notebook.read_text()), json.loads(result.notebook.read_text())
    assert [cell["id"] for cell in copy["cells"]] == [
        "cell-0", "nwlbook-parameters", "cell-1", "cell-2",
    ]  # fmt: skip
    assert copy["metadata"] == source["metadata"]
    assert [cell.get("execution_count") for cell in copy["cells"]] == [1, 2, 3, None]
    assert "papermill" not in result.notebook.read_text().replace("injected-parameters", "")


def test_running_an_executed_copy_replaces_the_injected_cell(root):
    notebook = write_notebook(root, "profile", PARAMETERS, code("print(borough)"))
    first = run(root, notebook, {"borough": "brent"})
    notebook.write_text(first.notebook.read_text())
    second = run(root, notebook, {"borough": "ealing"})
    assert injected_cells(second.notebook) == ['# Parameters\nborough = "ealing"\n']
    assert outputs_text(second.notebook) == "ealing\n"


def test_parameters_for_a_notebook_without_their_cell_are_bad_input(root):
    notebook = write_notebook(root, "plain", code("1"))
    with pytest.raises(InputError, match="no cell is tagged 'parameters'"):
        run(root, notebook, {"borough": "brent"})


def test_quarto_markdown_runs_as_a_notebook_does(root):
    page = root / "index.qmd"
    page.write_text(
        "---\ntitle: Book\n---\n\nSum: `{python} total`.\n\n```{python}\ntotal = 1 + 1\n```\n"
    )
    assert run(root, page).expressions == {"total": "2"}


def test_prose_alone_starts_no_kernel(root):
    notebook = write_notebook(root, "profile", code("total = 3\ntotal"), prose("`{python} total`"))
    first = run(root, notebook)
    write_notebook(root, "profile", code("total = 3\ntotal"), prose("Now better: `{python} total`"))
    second = run(root, notebook)
    assert second.cached
    assert second.expressions == {"total": "3"}
    assert "Now better" in second.notebook.read_text()
    assert outputs_text(second.notebook) == outputs_text(first.notebook) == "3"


def test_a_new_expression_in_the_prose_is_worked_out(root):
    notebook = write_notebook(root, "profile", code("total = 3"), prose("`{python} total`"))
    run(root, notebook)
    write_notebook(root, "profile", code("total = 3"), prose("`{python} total + 1`"))
    result = run(root, notebook)
    assert (result.cached, result.expressions) == (False, {"total + 1": "4"})


def test_an_edited_data_file_reruns_its_readers_alone(root):
    reader = Run("reader", write_notebook(root, "reader", READS_BEDS, code("print(rows)")), {})
    other = Run("other", write_notebook(root, "other", code("print(1)")), {})
    assert [result.cached for result in run_all(root, reader, other)] == [False, False]
    assert [result.cached for result in run_all(root, reader, other)] == [True, True]
    beds = root / "data" / "beds.csv"
    before = beds.read_text()
    beds.write_text("borough,beds\nbrent,200\n")
    results = run_all(root, reader, other)
    assert [result.cached for result in results] == [False, True]
    assert "200" in outputs_text(results[0].notebook)
    assert "data/beds.csv" in results[0].used
    beds.write_text(before)
    results = run_all(root, reader, other)
    assert [result.cached for result in results] == [True, True]
    assert "100" in outputs_text(results[0].notebook)


def test_an_edited_helper_reruns_its_importers_alone(root):
    sums = code("from helpers import sums\nsums.double(2)")
    words = code("from helpers import words\nwords.shout('a')")
    importer = Run("sums", write_notebook(root, "sums", sums), {})
    other = Run("words", write_notebook(root, "words", words), {})
    run_all(root, importer, other)
    (root / "src/helpers/sums.py").write_text("def double(value):\n    return 'edited'\n")
    results = run_all(root, importer, other)
    assert [result.cached for result in results] == [False, True]
    assert outputs_text(results[0].notebook) == "'edited'"


def test_a_new_helper_reruns_nothing_but_a_new_file_reruns_who_lists_the_folder(root):
    lists = code("from pathlib import Path\nlen(list(Path('../data').glob('*.csv')))")
    lister = Run("lister", write_notebook(root, "lister", lists), {})
    importer = write_notebook(root, "importer", code("from helpers import sums"))
    other = Run("importer", importer, {})
    run_all(root, lister, other)
    (root / "src/helpers/new.py").write_text("")
    assert [result.cached for result in run_all(root, lister, other)] == [True, True]
    (root / "data/new.csv").write_text("a\n")
    results = run_all(root, lister, other)
    assert [result.cached for result in results] == [False, True]
    assert outputs_text(results[0].notebook) == "3"


def test_other_locked_packages_rerun_everything(root):
    notebook = write_notebook(root, "profile", code("1"))
    run(root, notebook)
    (root / "requirements/book.txt").write_text("pandas==4\n")
    assert not run(root, notebook).cached


def test_what_was_edited_while_it_was_read_is_read_again(root):
    edits = code("open('../data/beds.csv').read()\nimport os, time\nos.utime('../data/beds.csv')")
    notebook = write_notebook(root, "profile", edits)
    run(root, notebook)
    assert not run(root, notebook).cached


def test_an_unchanged_book_imports_nothing_heavy(root):
    notebook = write_notebook(root, "profile", PARAMETERS, READS_BEDS, prose("`{python} borough`"))
    run(root, notebook, {"borough": "brent"})
    script = f"""
import sys
from pathlib import Path
from nwlbook.cache import RunCache
from nwlbook.execute import Run, execute
root = Path({str(root)!r})
runs = [Run("profile", root / "notebooks/profile.ipynb", {{"borough": "brent"}})]
result, = execute(runs, root=root, cache=RunCache(root / "outputs/cache"), jobs=1)
heavy = {{"papermill", "nbclient", "nbformat", "jupyter_client", "pandas", "plotly", "IPython"}}
print(result.cached, result.expressions, sorted(heavy & set(sys.modules)))
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "True {'borough': 'brent'} []\n"


@pytest.mark.skipif(not server.can_fork(), reason="needs a fork server")
@pytest.mark.parametrize(("after", "told"), [(0, 3 * [True]), (2, [False, False, True])])
def test_first_kernels_do_not_wait_for_what_few_notebooks_need(root, after, told):
    tells = code("import sys\nprint('pandas' in sys.modules, 'statsmodels' in sys.modules)")
    write_notebook(root, "profile", PARAMETERS, tells)
    # In a process of its own: here the fork server runs already.
    script = f"""
from pathlib import Path
from nwlbook import execute
from nwlbook.cache import RunCache
from nwlbook.kernels import server
server.warm_up(rest_after={after})
root = Path({str(root)!r})
notebook = root / "notebooks/profile.ipynb"
runs = [execute.Run(f"run-{{rate}}", notebook, {{"rate": float(rate)}}) for rate in range(3)]
for result in execute.execute(runs, root=root, cache=RunCache(root / "outputs/cache"), jobs=1):
    print(result.notebook)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    said = [outputs_text(Path(line)).strip() for line in done.stdout.splitlines()]
    assert said == [f"True {rest}" for rest in told]


def test_parallel_runs_do_not_see_each_other(root):
    cell = code(
        "import os, time\nfrom helpers import sums\n"
        "os.environ['MARK'] = os.environ.get('MARK', '') + borough\n"
        "sums.mark = getattr(sums, 'mark', '') + borough\n"
        "os.chdir('/tmp')\ntime.sleep(0.3)\nprint(os.environ['MARK'], sums.mark)"
    )
    notebook = write_notebook(root, "profile", PARAMETERS, cell)
    names = ["brent", "ealing", "harrow", "hounslow"]
    here = Path.cwd()
    results = run_all(root, *(Run(name, notebook, {"borough": name}) for name in names), jobs=4)
    assert [outputs_text(result.notebook) for result in results] == [f"{n} {n}\n" for n in names]
    assert Path.cwd() == here


def test_results_come_in_order_and_are_reported_as_they_end(root):
    cell = code("import time\ntime.sleep(rate)")
    notebook = write_notebook(root, "profile", PARAMETERS, cell)
    runs = [Run("slow", notebook, {"rate": 0.8}), Run("fast", notebook, {"rate": 0.0})]
    reported = []
    results = run_all(root, *runs, on_result=lambda result: reported.append(result.run.id))
    assert [result.run.id for result in results] == ["slow", "fast"]
    assert reported == ["fast", "slow"]


def test_the_run_that_took_longest_goes_first(root):
    notebook = write_notebook(
        root, "profile", PARAMETERS, READS_BEDS, code("import time\ntime.sleep(rate)")
    )
    runs = [Run("fast", notebook, {"rate": 0.0}), Run("slow", notebook, {"rate": 0.5})]
    for reported in (["fast", "slow"], ["slow", "fast"]):
        (root / "data" / "beds.csv").write_text(f"area,beds\nbrent,{reported.index('slow')}\n")
        ended = []
        run_all(
            root, *runs, jobs=1, on_result=lambda result, ended=ended: ended.append(result.run.id)
        )
        assert ended == reported


@pytest.mark.skipif(not server.can_fork(), reason="needs a fork server")
@pytest.mark.parametrize(
    ("count", "running", "warm", "forked"),
    [(1, False, True, 0), (3, False, True, 3), (1, True, True, 1), (1, True, False, 0)],
)
def test_kernels_are_forked_where_that_pays(root, monkeypatch, count, running, warm, forked):
    launched = []
    launch = WarmProvisioner.launch_kernel

    async def noted(self, cmd, **options):
        made = await launch(self, cmd, **options)
        launched.append(isinstance(self.process, server.ForkedKernel))
        return made

    monkeypatch.setattr(WarmProvisioner, "launch_kernel", noted)
    monkeypatch.setattr(server, "is_running", lambda: running)
    notebook = write_notebook(root, "profile", PARAMETERS, code("1"))
    runs = [Run(f"run-{place}", notebook, {"rate": float(place)}) for place in range(count)]
    run_all(root, *runs, warm=warm)
    assert (len(launched), sum(launched)) == (count, forked)


def test_warm_and_ordinary_kernels_give_the_same_bytes(root):
    cells = [
        PARAMETERS,
        code(
            "import sys, warnings\n"
            "print({'brent', 'ealing', 'harrow'}); print('late', file=sys.stderr); print('more')\n"
            "warnings.warn('careful')"
        ),
        code("import os, pathlib\nprint(os.getcwd() == str(pathlib.Path.cwd()), sys.path[0])"),
        code("from helpers import sums\nopen('../data/beds.csv').read()"),
        prose("`{python} sum(0.1 for _ in range(10))`"),
    ]
    notebook = write_notebook(root, "profile", *cells)
    found = {}
    for warm in (True, False):
        cache = RunCache(root / f"cache-{warm}")
        runs = [Run("profile", notebook, {"borough": "brent"})]
        (result,) = execute(runs, root=root, cache=cache, jobs=1, warm=warm)
        found[warm] = result
    assert found[True].notebook.read_bytes() == found[False].notebook.read_bytes()
    assert found[True].used == found[False].used
    assert found[True].expressions == found[False].expressions


def test_printed_text_is_kept_the_same_however_it_was_cut():
    def cell(*outputs):
        return {"cells": [{**code("1"), "id": "a", "outputs": list(outputs)}]}

    def stream(name, text):
        return {"output_type": "stream", "name": name, "text": text}

    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    early = cell(stream("stderr", "e"), stream("stdout", "1"), stream("stdout", "2"), shown)
    late = cell(stream("stdout", "12"), stream("stderr", "e"), shown)
    after = cell(shown, stream("stdout", "12"), stream("stderr", "e"))
    assert copies.outputs_of(early) == copies.outputs_of(late) != copies.outputs_of(after)


def test_a_failing_cell_is_named_and_its_copy_kept(root):
    notebook = write_notebook(
        root, "broken", PARAMETERS, code("print('so far')"), code("1 / (borough == 'none')")
    )
    with pytest.raises(RunFailed) as caught:
        run(root, notebook, {"borough": "brent"})
    failure = caught.value
    assert (failure.cell, failure.name) == (3, "ZeroDivisionError")
    assert failure.message == "division by zero"
    assert "1 / (borough == 'none')" in failure.traceback
    assert "\x1b" not in str(failure)
    assert str(failure).startswith("broken.ipynb, cell 3 (run 'broken'): ZeroDivisionError")
    assert failure.copy == root / "outputs/failed/broken.ipynb"
    kept = failure.copy.read_text()
    assert "so far" in kept
    assert "ZeroDivisionError" in kept
    write_notebook(root, "broken", PARAMETERS, code("1"))
    run(root, notebook, {"borough": "brent"})
    assert not failure.copy.exists()


def test_the_report_names_chapter_parameters_cell_and_the_authors_own_lines(root):
    (root / "src/helpers/beds.py").write_text(
        "import pandas as pd\n\n\ndef first(table):\n    return table['gone']\n"
    )
    notebook = write_notebook(
        root,
        "beds",
        prose("# Beds in hospitals {#sec-beds}"),
        PARAMETERS,
        code("import pandas as pd\nfrom helpers import beds\n\n\ndef pick(table):\n"
             "    return beds.first(table)"),
        code("#| echo: false\n\npick(pd.DataFrame({'beds': [1]}))\nprint('after')"),
        code("print('never')"),
    )  # fmt: skip
    with pytest.raises(RunFailed) as caught:
        run(root, notebook, {"borough": "brent", "rate": 0.25})
    assert str(caught.value).splitlines() == [
        "beds.ipynb, cell 4 (run 'beds'): KeyError: 'gone'",
        "Chapter: Beds in hospitals",
        "Parameters: borough = 'brent', rate = 0.25",
        "Cell 4 begins: pick(pd.DataFrame({'beds': [1]}))",
        "Cell 4, line 3",
        "      1 #| echo: false",
        "      2",
        "----> 3 pick(pd.DataFrame({'beds': [1]}))",
        "      4 print('after')",
        "Cell 3, line 6, in pick(table)",
        "      5 def pick(table):",
        "----> 6     return beds.first(table)",
        "File src/helpers/beds.py:5, in first(table)",
        "      4 def first(table):",
        "----> 5     return table['gone']",
        "To open in Jupyter: outputs/failed/beds.ipynb",
    ]


def test_the_failed_copy_opens_in_jupyter_as_it_was_when_it_failed(root):
    nbformat = pytest.importorskip("nbformat")
    cells = (PARAMETERS, code("print('before')"), code("1 / 0"), code("print('after')"))
    notebook = write_notebook(root, "broken", *cells)
    with pytest.raises(RunFailed) as caught:
        run(root, notebook, {"borough": "brent"})
    copy = nbformat.read(caught.value.copy, as_version=4)
    nbformat.validate(copy)
    assert copy.metadata.kernelspec.name == "python3"
    assert [cell.source for cell in copy.cells][1] == '# Parameters\nborough = "brent"\n'
    assert [cell.execution_count for cell in copy.cells] == [1, 2, 3, 4, None]
    assert [output.output_type for cell in copy.cells for output in cell.outputs] == [
        "stream",
        "error",
    ]


def test_of_failures_that_are_taken_all_are_told_and_the_others_go_on(root):
    notebook = write_notebook(root, "broken", PARAMETERS, code("1 / rate"))
    runs = [Run(f"run-{rate}", notebook, {"rate": rate}) for rate in (0.0, 1.0, 0, 2.0)]
    failures: list[RunFailed] = []
    results = run_all(root, *runs, jobs=1, on_failure=failures.append)
    assert [result.run.id for result in results] == ["run-1.0", "run-2.0"]
    assert [failure.run.id for failure in failures] == ["run-0.0", "run-0"]


@pytest.mark.parametrize(
    "source",
    [
        "print('x' * 10**8)",
        "import sys\nsys.stderr.write('x' * 10**8)",
        "from IPython.display import HTML\nHTML('x' * 30_000_000)",
        "while True:\n    print('x' * 1000)",
        "import threading\nthread = threading.Thread(target=lambda: print('x' * 30_000_000))\n"
        "thread.start(); thread.join(); import time; time.sleep(20)",
    ],
)
def test_a_run_that_puts_out_without_end_is_stopped(root, source):
    with pytest.raises(RunFailed, match="puts out more than 20 million characters") as caught:
        run(root, write_notebook(root, "floods", code("1"), code(source)), time_limit=60)
    assert (caught.value.name, caught.value.cell) == ("OutputLimit", 2)
    assert caught.value.copy.stat().st_size < 30_000_000


def test_what_other_programs_print_is_no_part_of_a_run(root, capfd):
    loud = code("import subprocess\nsubprocess.run(['echo', 'noise']); print('mine')")
    for warm in (True, False):
        result = run(root, write_notebook(root, f"loud-{warm}", loud), warm=warm)
        assert outputs_text(result.notebook) == "mine\n"
    assert capfd.readouterr().out == ""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
@pytest.mark.parametrize("warm", [True, False])
def test_a_run_that_eats_memory_fails_alone(root, warm):
    eats = code("kept = []\nwhile True:\n    kept.append('x' * 10**7)")
    notebook = write_notebook(root, "eats", code("1"), eats)
    with pytest.raises(RunFailed, match=r"MemoryError: .*a run may take 1 GB: see --memory-limit"):
        run(root, notebook, warm=warm, memory_limit=1.0)


def test_a_failing_expression_is_named_with_its_cell(root):
    notebook = write_notebook(root, "broken", code("a = 1"), prose("`{python} a` `{python} b`"))
    with pytest.raises(RunFailed, match="in the inline expression `b`") as caught:
        run(root, notebook)
    assert (caught.value.cell, caught.value.name) == (2, "NameError")


def test_a_failure_cancels_what_has_not_begun_and_keeps_what_has(root):
    notebook = write_notebook(root, "broken", PARAMETERS, code("1 / rate"))
    runs = [Run(f"run-{rate}", notebook, {"rate": rate}) for rate in (1.0, 0.0, 2.0, 3.0, 4.0)]
    reported = []
    with pytest.raises(RunFailed) as caught:
        run_all(root, *runs, jobs=1, on_result=lambda result: reported.append(result.run.id))
    assert caught.value.run.id == "run-0.0"
    assert "run-1.0" in reported
    assert "run-4.0" not in reported
    assert run(root, notebook, {"rate": 1.0}).cached


def test_of_two_failures_the_first_in_order_is_raised(root):
    cell = code("import time\ntime.sleep(rate)\nraise ValueError(rate)")
    notebook = write_notebook(root, "broken", PARAMETERS, cell)
    runs = [Run("late", notebook, {"rate": 0.8}), Run("early", notebook, {"rate": 0.0})]
    with pytest.raises(RunFailed) as caught:
        run_all(root, *runs)
    assert caught.value.run.id == "late"


def test_a_dead_kernel_is_a_clear_failure(root):
    notebook = write_notebook(root, "dies", code("1"), code("import os\nos._exit(3)"))
    with pytest.raises(RunFailed, match="the kernel died") as caught:
        run(root, notebook)
    assert caught.value.cell == 2


def test_a_notebook_that_ends_itself_has_failed(root):
    notebook = write_notebook(root, "ends", code("import sys"), code("sys.exit()"), code("1"))
    with pytest.raises(RunFailed, match="ended itself before its last cell") as caught:
        run(root, notebook)
    assert caught.value.cell == 2


def test_a_run_over_its_time_is_ended(root):
    notebook = write_notebook(root, "hangs", code("print('begun')"), code("while True: pass"))
    began = time.monotonic()
    with pytest.raises(RunFailed, match="took longer than 1 seconds") as caught:
        run(root, notebook, time_limit=1)
    assert time.monotonic() - began < 10
    assert caught.value.cell == 2
    assert "begun" in caught.value.copy.read_text()


def test_an_interrupted_build_ends_its_kernels(root):
    pid_file = root / "pid"
    sleeps = (
        f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    )
    sleeper = Run("sleeper", write_notebook(root, "sleeper", code(sleeps)), {})
    waits = f"import os, time\nwhile not os.path.exists({str(pid_file)!r}): time.sleep(0.05)"
    quick = Run("quick", write_notebook(root, "quick", code(waits)), {})

    def interrupt(_: RunResult) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_all(root, sleeper, quick, on_result=interrupt)
    assert time.monotonic() - began < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_a_home_that_cannot_be_written_does_not_matter(root, monkeypatch):
    monkeypatch.setenv("HOME", "/proc/nowhere")
    notebook = write_notebook(root, "profile", code("print(1)"))
    assert outputs_text(run(root, notebook).notebook) == "1\n"


def test_a_personal_profile_changes_nothing(root, tmp_path, monkeypatch):
    startup = tmp_path / "home/.ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("mine = 1")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    notebook = write_notebook(root, "profile", code("print('mine' in globals())"))
    assert outputs_text(run(root, notebook).notebook) == "False\n"
