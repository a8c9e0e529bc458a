"""What runs, and on which way."""
