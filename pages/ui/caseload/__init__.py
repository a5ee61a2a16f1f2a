"""The parts of the Caseload page, one a file."""
