"""The command line: what is asked for, and where the answer goes."""
