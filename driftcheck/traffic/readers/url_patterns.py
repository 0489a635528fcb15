"""One URL that a stub's pattern fits, with placeholders where many fit."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w%~:@!$&'*+,;=.\- ]*")


class AnyCallError(Exception):
    """The stub fits too much to be one call."""


def unrolled(pattern: str) -> str:
    """A path whose segments are those of the pattern, where they are plain, and placeholders otherwise."""
    path, _, query = pattern.removeprefix("^").removesuffix("$").partition(r"\?")
    path = path.replace("[^/]", ".").replace(r"\/", "/")
    segments = []
    for number, segment in enumerate(path.split("/")):
        plain = segment.replace(r"\.", ".").replace(r"\-", "-")
        bare = _PLAIN.fullmatch(plain) and not re.search(r"(?<!\\)[.*+]", segment)
        segments.append(plain if bare else f"{{{{{number}}}}}")
    if (
        not path.startswith("/")
        or path.count("(") != path.count(")")
        or not any(segment and "{{" not in segment for segment in segments)
    ):
        raise AnyCallError("the stub's URL is a pattern that fits many paths")
    pairs = []
    for pair in query.split("&") if query else ():
        name, _, text = pair.partition("=")
        if name and _PLAIN.fullmatch(name) and not re.search(r"[.*+]", name):
            plain = text if _PLAIN.fullmatch(text) and not re.search(r"[.*+]", text) else f"{{{{{name}}}}}"
            pairs.append(f"{name}={plain}")
    return "/".join(segments) + (f"?{'&'.join(pairs)}" if pairs else "")


def globbed(pattern: str) -> str:
    """The same of a glob as Cypress has them: `**/users/*`. A star at the end of a name is any query."""
    path, mark, query = pattern.partition("?")
    path = re.sub(r"^(?:https?:)?\*\*/?(?=[^*])", "/", path)
    path = re.sub(r"(?<=[^/*])\*+$", "", path)
    plain = re.sub(r"\{\{.*?\}\}", "", path)
    if "**" in path or any(letter in plain for letter in "{}[]()!|"):
        raise AnyCallError("the stub's URL is a pattern that fits many paths")
    origin, path = _split(path)
    segments = [
        f"{{{{{number}}}}}" if "*" in segment else segment for number, segment in enumerate(path.split("/"))
    ]
    if not any(segment and "{{" not in segment for segment in segments):
        raise AnyCallError("the stub's URL is a pattern that fits many paths")
    return origin + "/".join(segments) + _pairs(mark, query)


def _split(path: str) -> tuple[str, str]:
    """Where it is served, as far as that is known, and the path, which begins with a slash."""
    head = re.match(r"(?:https?:)?//[^/]*|\{\{.*?\}\}(?=/)", path)
    origin = head[0] if head else ""
    rest = path[len(origin) :]
    return ("" if "*" in origin else origin), rest if rest.startswith("/") else f"/{rest}"


def _pairs(mark: str, query: str) -> str:
    """The parameters of a glob's query that are named."""
    pairs = [pair.partition("=") for pair in query.split("&") if "=" in pair]
    kept = [f"{name}={{{{{name}}}}}" if "*" in text else f"{name}={text}" for name, _, text in pairs]
    return mark + "&".join(kept) if kept else ""
