"""How often a line runs."""
