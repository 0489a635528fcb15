"""Reads workflow commands as GitHub documents them and its runner does: what a line of a log makes happen."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


_OLD = re.compile(r"##\[([^\]\s]+)")


def commands(log: str) -> list[Command]:
    """The commands in a log. Any line feed or carriage return ends a line; white space before is skipped."""
    return [found for line in re.split(r"[\r\n]", log) if (found := _command(line)) is not None]


def _command(line: str) -> Command | None:
    stripped = line.lstrip()
    if stripped.startswith("::"):
        head, found, data = stripped[2:].partition("::")
        if found:
            name, _, given = head.partition(" ")
            pairs = (pair.partition("=") for pair in given.split(",") if "=" in pair)
            return Command(name, {key.strip(): _property(value) for key, _, value in pairs}, _data(data))
    old = _OLD.search(line)
    return Command(old.group(1), {}, line[old.end() :]) if old else None


def _data(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def _property(text: str) -> str:
    return _data(text.replace("%3A", ":").replace("%2C", ","))
