"""What the fork server imports once, so that each kernel it forks has it already.

Third-party packages only. `helpers` must not be imported here: what a run imports has to
be seen by its recorder, and an edited helper has to be read afresh by the next kernel.
"""

import gc
import sys
from importlib import import_module

# The server runs as `python -c`, which puts its working directory first on the path. A kernel
# has its own directory there instead, and nothing below may come from either.
sys.path[:] = [entry for entry in sys.path if entry]
SEARCH_PATH = tuple(sys.path)

PACKAGES = (
    "IPython.core.completer",
    "IPython.core.debugger",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "numpy",
    "pandas",
    "plotly.graph_objects",
    "plotly.io",
    "scipy.stats",
    "statsmodels.api",
    "statsmodels.formula.api",
    "yaml",
)


def draw_first_figure() -> None:
    """Pay here for what plotly builds when a process draws its first figure (0.5 s)."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1])
    figure.add_bar(x=["a", "b"], y=[0, 1])
    figure.update_layout(title="Title", xaxis_title="x", yaxis_title="y")
    figure.to_json()


for package in PACKAGES:
    import_module(package)
draw_first_figure()
# Objects made so far stay for good. Left to the collector they would be walked, and so copied,
# in every kernel.
gc.collect()
gc.freeze()
