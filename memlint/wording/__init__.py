"""How things are told to people: spelled right, nothing hidden in them, fit for their screen."""
