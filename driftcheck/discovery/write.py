"""Puts the section into a file, and leaves everything else in it as it is, byte for byte.

What would be written is read back before it replaces the file: all other tables must still say the same.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from driftcheck.errors import DriftcheckError

_HEADER = re.compile(rb"^[ \t]*\[.*?\][ \t]*(?:#.*)?\r?$", re.MULTILINE)
_OURS = re.compile(rb"[ \t]*\[\[?[ \t]*[\"']?tool[\"']?[ \t]*\.[ \t]*[\"']?driftcheck[\"']?[ \t]*[.\]]")


def target_of(folder: Path, named: Path | None) -> Path:
    """The file to write: `named`, else pyproject.toml if there is one, else driftcheck.toml."""
    if named is not None:
        return named
    own, shared = folder / "driftcheck.toml", folder / "pyproject.toml"
    return shared if shared.is_file() and not own.is_file() else own


def with_section(path: Path, section: str, force: bool) -> bytes:
    """The file's new content. DriftcheckError where it is configured already, unless `force` is given."""
    before = path.read_bytes() if path.is_file() else b""
    old = _parsed(path, before)
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    text = section.encode("utf-8").replace(b"\n", newline)
    if path.name != "pyproject.toml":
        if old and not force:
            raise _configured(path)
        return text
    tool = old.get("tool", {})
    if isinstance(tool, dict) and "driftcheck" in tool:
        if not force:
            raise _configured(path)
        before = _without_section(before)
    after = _appended(before, text, newline)
    if _others(_parsed(path, after)) != _others(old):
        raise DriftcheckError(
            f"the section in {path} cannot be replaced without touching what else is there",
            "take [tool.driftcheck] out by hand, or see --print",
        )
    return after


def _configured(path: Path) -> DriftcheckError:
    return DriftcheckError(
        f"{path} configures driftcheck already", "--print shows what would be written, --force replaces it"
    )


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DriftcheckError(f"{path} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise DriftcheckError(f"{path} is not valid TOML: {error}") from None


def _others(content: dict[str, Any]) -> dict[str, Any]:
    """What is not driftcheck's; a table `tool` that holds nothing else is not there at all."""
    tool = {name: value for name, value in content.get("tool", {}).items() if name != "driftcheck"}
    rest = {name: value for name, value in content.items() if name != "tool"}
    return {**rest, "tool": tool} if tool else rest


def _appended(before: bytes, text: bytes, newline: bytes) -> bytes:
    if not before:
        return text
    gap = newline if before.endswith(b"\n") else newline * 2
    if before.endswith(newline * 2):
        gap = b""
    return before + gap + text


def _without_section(content: bytes) -> bytes:
    """Without our tables: each from its header to the next one that is not ours."""
    kept: list[bytes] = []
    start = 0
    ours = False
    for header in _HEADER.finditer(content):
        if not ours:
            kept.append(content[start : header.start()])
        ours = _OURS.match(content, header.start()) is not None
        start = header.start()
    if not ours:
        kept.append(content[start:])
    return b"".join(kept)
