"""Reading the marks that say what must be found: `// leaks`, `# leaks: text`, `// leaks[MEM101]`."""

from __future__ import annotations

import re

_MARK = re.compile(r"(?://|#|\{/\*)\s*leaks(?:\[(MEM\d{3})\])?(?:\s*:\s*(.*?))?\s*(?:\*/\}?)?$")


def marks(source: str) -> dict[int, tuple[str, str]]:
    """Marked lines: the rule's id (empty if the card is meant) and the text that the finding must contain."""
    return {
        number: (found[1] or "", found[2] or "")
        for number, line in enumerate(source.splitlines(), 1)
        if (found := _MARK.search(line))
    }
