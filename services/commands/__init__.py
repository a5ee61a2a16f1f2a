"""The command line, a topic a file: it does what a page does, without a browser."""
