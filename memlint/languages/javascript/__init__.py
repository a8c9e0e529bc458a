"""JavaScript and TypeScript, with JSX and TSX: one lowering for three grammars."""

from __future__ import annotations

NAME = "javascript"
SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
