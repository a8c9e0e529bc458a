"""What a value is, where it goes, and whether it is the same."""
