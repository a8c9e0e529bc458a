"""Text: scripts and settings around a program, of which only the options on a command line are told."""

from __future__ import annotations

NAME = "text"
SUFFIXES = (".sh", ".bash", ".yml", ".yaml", ".env", ".dockerfile")
NAMES = ("package.json", "dockerfile", "procfile", ".npmrc", ".env")
"""Whole names, for files that have no suffix, or one that says too little."""
STARTS = ("dockerfile.", ".env.")
"""Beginnings of names: `Dockerfile.production`, `.env.local`."""
