"""Where a value comes from, and so who holds it."""
