"""The small books that faults are done to."""

from pathlib import Path

from builder_books import BEDS, PROFILE, edit, make_book, make_real_book
from tiny_project import code, write_notebook

# Chapters of the real book: charts, tables, a heavy analysis, a chapter for each borough.
REAL_CHAPTERS = ("benefits", "borough-profile", "reconciliation")
CHART = """\
import plotly.graph_objects as go
from helpers.figures import show_figure

chart = go.Figure(go.Bar(x=list(beds["area"]), y=[int(beds) for beds in beds["beds"]]))
show_figure(
    chart, label="LABEL", finding="Brent has most beds", subtitle="Beds by borough",
    alternative="Bars of which the one of Brent is the longest.", data=beds,
    columns={"area": "Borough", "beds": Number("Beds")}, sources=[beds],
)"""


def make_small_book(root: Path) -> Path:
    """Write a book of four runs with charts, and return its root."""
    make_book(root)
    write_notebook(root, "beds", *BEDS, code(CHART.replace("LABEL", "fig-beds")))
    chart = code(CHART.replace("LABEL", "fig-profile"))
    write_notebook(root, "profile", *PROFILE, chart, nwlbook={"repeat": "borough"})
    return root


def change_small_book(root: Path) -> None:
    """Change what every chapter of it says."""
    edit(root / "data" / "beds.csv", "brent,100", "brent,101")


def make_real_chapters(root: Path) -> Path:
    """Write a project of some of the book's own chapters over all of its evidence."""
    return make_real_book(root, *REAL_CHAPTERS)


def change_real_chapters(root: Path) -> None:
    """Change a chapter, and what each run reads."""
    edit(root / "index.qmd", "says nothing", "says next to nothing")
