"""What the notebooks import. Kept empty of imports: a run depends only on what it uses."""
