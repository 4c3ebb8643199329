"""Write a notebook as Jupyter stores one."""

from collections.abc import Mapping, Sequence
from typing import Any

from nwlbook.kernels.copies import text_of


def notebook_text(cells: Sequence[Mapping[str, Any]], metadata: Mapping[str, Any]) -> str:
    """Return the file of a notebook.

    Each text is stored as the list of its lines. The format allows a text in one piece as well,
    but Quarto stops at one in an output.

    Parameters
    ----------
    cells : sequence of mapping
        Its cells, each text in one piece.
    metadata : mapping
        Metadata of the notebook.
    """
    notebook = {
        "cells": [_stored(cell) for cell in cells],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return text_of(notebook)


def _stored(cell: Mapping[str, Any]) -> dict[str, Any]:
    stored = {**cell, "source": _lines(cell["source"])}
    if "outputs" in cell:
        stored["outputs"] = [_stored_output(output) for output in cell["outputs"]]
    return stored


def _stored_output(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": _lines(output["text"])}
    return {**output, "data": {kind: _lines(text) for kind, text in output["data"].items()}}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
