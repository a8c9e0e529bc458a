"""Collections: what makes them grow, and whether anything bounds them."""
