"""Python: LibCST's tree, lowered to plain facts."""

from __future__ import annotations

NAME = "python"
SUFFIXES = (".py",)
