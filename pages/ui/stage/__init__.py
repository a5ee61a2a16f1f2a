"""What a room sees, and what turns it."""
