"""The four questions, answered for an acquisition or a collection: is it a leak, how sure is that, and why."""
