"""How an option stands on a command line: in a script or a setting, and in a text of a program that becomes one."""

from __future__ import annotations

import re

_NAME = r"(?<![\w-])--([a-z][\w-]*)"

_NO_OPTION = r"(?!--)"
"""An option without a value takes none from the option behind it."""

IN_A_TEXT = re.compile(_NAME + rf"(?:[= ]\s*{_NO_OPTION}([^\s\"',;]+))?")
"""Name and value in a text of a program: a quote ends the text."""
ON_A_LINE = re.compile((_NAME + rf"(?:[=\s]\s*[\"']?{_NO_OPTION}([^\s\"',;\]]*))?").encode())
"""Name and value on a line of a file: quotes may stand around the value, and the end of a list behind it."""


def name_of_option(written: str) -> str:
    """The one name of an option: Node.js and V8 take `_` for `-`."""
    return written.replace("_", "-")
