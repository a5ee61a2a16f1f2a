"""The parts of the Matches page, one a file."""
