"""The parts of the Milestones page."""
