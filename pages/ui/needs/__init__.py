"""What needs a coordinator today."""
