"""The calls that let go."""
