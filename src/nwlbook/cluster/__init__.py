"""Runs on a Dask cluster: what goes there, who runs it there, and how it comes back."""
