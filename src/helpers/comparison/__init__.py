"""Boroughs side by side: who is like whom, and which differences last or are more than chance."""
