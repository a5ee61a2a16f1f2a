"""Parts of the setup pages."""
