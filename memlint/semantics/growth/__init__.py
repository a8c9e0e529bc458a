"""Collections: where they are born, what feeds and drains them."""
