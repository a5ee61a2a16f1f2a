"""The parts of the Events page, one a file."""
