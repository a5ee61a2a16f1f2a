"""A sheet as a file: bytes out of what is on it, and out of nothing else."""
