"""Settings: where they stand, what they mean, which rules they turn on."""
