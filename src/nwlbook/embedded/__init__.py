"""The embedded engine: renders the staged Quarto book where the quarto command is absent."""

from nwlbook.embedded.render import RenderReport, render

__all__ = ["RenderReport", "render"]
