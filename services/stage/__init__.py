"""The stage: its links and consents, what its process may read, and the shows that it runs."""
