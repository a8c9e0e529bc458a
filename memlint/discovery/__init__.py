"""The files to read, and the reason for every one that is not read."""
