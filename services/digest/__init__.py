"""The digest: once a day each coach reads what is due, each coordinator what is late."""
