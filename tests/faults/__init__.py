"""The campaign of faults: what is done to builds, and what must hold afterwards."""
