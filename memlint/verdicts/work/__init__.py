"""Reads and work: too much at once."""
