"""Jupyter kernels that start in a tenth of a second, and ordinary ones where there is no fork."""
