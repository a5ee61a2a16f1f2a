"""The definitions of every counted figure. Nothing outside this package counts for a screen, a sheet or the stage."""
