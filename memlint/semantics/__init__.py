"""What facts mean: where a place comes from, how often a function runs, what reaches what. Pure, over any language."""
