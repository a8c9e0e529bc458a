"""Reads, streams and the work of a function."""
