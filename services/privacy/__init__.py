"""One person's data: all of it on demand, and its end."""
