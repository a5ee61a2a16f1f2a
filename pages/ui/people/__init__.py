"""The parts of the People page, one a file."""
