"""The parts of the Match review page, one a file."""
