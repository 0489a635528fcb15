"""Makes text from a spec, a recording or a database safe for a terminal.

Whatever does not print (control characters, ANSI escapes, bidirectional overrides) is shown as its code.
"""

from __future__ import annotations

import re
from unicodedata import category


def printable(text: str) -> str:
    r"""The text on one line, with everything that does not print written as \n, \x1b, \u202e ..."""
    if text.isprintable():
        return text
    return "".join(character if _prints(character) else _code(character) for character in text)


def _prints(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"  # a space that is not U+0020


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


# What runners of workflows take for commands: "::" at the beginning of a line (GitHub), "##[" anywhere
# in one (GitHub's old form, Azure), "##vso[" (Azure) and "##teamcity[".
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))")


def tame(line: str) -> str:
    r"""The line without what a runner takes for a command: its first character is written \x3a or \x23."""
    return _COMMAND.sub(_coded, line) if "::" in line or "##" in line else line


def _coded(found: re.Match[str]) -> str:
    return "\\x23" if found.group() == "#" else f"{found.group(1)}\\x3a"
