"""The demo programme: synthetic people whose rows add up to the published record, and a desk full of work today."""
