"""How much one notebook may take if the command says nothing else."""

TIME_LIMIT = 600.0  # seconds
MEMORY_LIMIT = 4.0  # gigabytes
