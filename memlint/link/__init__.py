"""What functions do for their callers, in one file and across files: the project's own helpers grow the table."""
