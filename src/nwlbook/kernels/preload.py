"""What the fork server imports once, so that each kernel it forks has it already.

Third-party packages only. `helpers` must not be imported here: what a run imports has to
be seen by its recorder, and an edited helper has to be read afresh by the next kernel.
"""

import atexit
import gc
import os
import shutil
import signal
import sys
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

# The first seven are what a kernel imports as it starts.
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
    "numpy",
    "pandas",
    "plotly.graph_objects",
    "plotly.io",
    "yaml",
)


def draw_first_figure() -> None:
    """Pay here for what plotly builds when a process draws its first figure (0.5 s)."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1])
    figure.add_bar(x=["a", "b"], y=[0, 1])
    figure.add_annotation(text="a", x=0, y=0, font={"size": 12, "color": "red"})
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line={"color": "red"})
    figure.update_layout(title="Title", xaxis_title="x", yaxis_title="y", margin={"l": 0})
    figure.to_json()


def import_packages(names: Iterable[str]) -> None:
    """Import packages; one that is missing is missed by its notebook, with a better message."""
    for name in names:
        end_without_builder()
        with suppress(ImportError):
            import_module(name)


def settle() -> None:
    """Keep for good what has been made so far.

    Left to the collector it would be walked, and so copied, in every kernel.
    """
    gc.collect()
    gc.freeze()


collect_seldom()
import_packages(PACKAGES)
with suppress(ImportError):
    draw_first_figure()
settle()
