"""memlint finds memory leaks before they ship."""

__version__ = "0.1.0"
