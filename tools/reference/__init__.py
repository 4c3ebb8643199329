"""Write the reference pages and the logs of `docs/` from docstrings, code and evidence."""
