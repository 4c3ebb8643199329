"""Builds the report book from notebooks and evidence."""

__version__ = "0.1.0"
