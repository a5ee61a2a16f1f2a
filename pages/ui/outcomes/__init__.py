"""Parts of the page Outcomes: follow-ups, surveys and their links."""
