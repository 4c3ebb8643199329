"""What the fork server imports once, so that each kernel it forks has it already.

Third-party packages only. `helpers` must not be imported here: what a run imports has to
be seen by its recorder, and an edited helper has to be read afresh by the next kernel.
"""

import atexit
import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

from nwlbook.garbage import collect_seldom

# Ctrl-C at the terminal is meant for the builder, which then ends the kernels.
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

# The server runs as `python -c`, which puts its working directory first on the path. A kernel
# has its own directory there instead, and nothing below may come from either.
sys.path[:] = [entry for entry in sys.path if entry]
SEARCH_PATH = tuple(sys.path)

BUILDER = os.environ.pop("NWLBOOK_BUILDER", None)
SERVER_FOLDER = os.environ.pop("NWLBOOK_SERVER_FOLDER", None)
REST_AFTER = int(os.environ.pop("NWLBOOK_REST_AFTER", "0"))
SERVER = os.getpid()


def remove_folder() -> None:
    """Remove the folder of the server's socket, as its builder does if it is not killed."""
    if SERVER_FOLDER:
        shutil.rmtree(SERVER_FOLDER, ignore_errors=True)


def end_without_builder() -> None:
    """End if the builder has gone: the server itself looks only once all is imported."""
    if BUILDER and os.getppid() != int(BUILDER):
        remove_folder()
        os._exit(1)


# Kernels leave without this, so that it is done once: when the server ends after its builder.
atexit.register(remove_folder)

# The first ten are what a kernel imports as it starts.
PACKAGES = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "tornado.platform.asyncio",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "filelock",
    "joblib",
    "numpy",
    "pandas",
    "plotly.graph_objects",
    "plotly.io",
    "scipy.special",
    "yaml",
)

# One notebook in four needs these, and they take as long as all the rest: the first kernels need
# not wait for them, and a build of few runs does without.
REST = (
    "scipy.stats",
    "statsmodels.stats.multitest",
    "statsmodels.stats.proportion",
    "statsmodels.tsa.exponential_smoothing.ets",
    "statsmodels.tsa.statespace.structural",
)
_kernels = itertools.count(1)


def draw_first_figure() -> None:
    """Pay here for what plotly builds when a process draws its first figure (0.5 s)."""
    import plotly.graph_objects as go

    figure = go.Figure()
    font = {"size": 12, "color": "red"}
    line = {"width": 1, "color": "red"}
    marker = {"color": "red", "line": line}
    figure.add_scatter(x=[0, 1], y=[0, 1], line=line, marker=marker, textfont=font)
    figure.add_bar(x=["a", "b"], y=[0, 1], marker=marker, textfont=font)
    figure.add_annotation(text="a", x=0, y=0, font=font)
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line=line)
    figure.update_layout(title="Title", xaxis_title="x", yaxis_title="y", margin={"l": 0})
    figure.update_layout(font=font, hoverlabel={"font": font}, legend={"x": 0})
    figure.update_layout(xaxis={"tickfont": font}, yaxis={"tickfont": font})
    figure.to_json()


def import_packages(names: Iterable[str]) -> None:
    """Import packages; one that is missing is missed by its notebook, with a better message."""
    for name in names:
        end_without_builder()
        with suppress(ImportError):
            import_module(name)


def import_rest() -> None:
    """Import what few notebooks need, after the kernel that it was put off to.

    Called after each fork, in the server and in kernels that fork themselves.
    """
    if os.getpid() == SERVER and next(_kernels) == REST_AFTER:
        import_packages(REST)
        settle()


def settle() -> None:
    """Keep for good what has been made so far.

    Left to the collector it would be walked, and so copied, in every kernel.
    """
    gc.collect()
    gc.freeze()


collect_seldom()
import_packages(PACKAGES)
# Python finds out by writing a file for a moment, and a kernel that is killed then leaves it.
tempfile.gettempdir()
with suppress(ImportError):
    draw_first_figure()
if not REST_AFTER:
    import_packages(REST)
settle()
os.register_at_fork(after_in_parent=import_rest)
