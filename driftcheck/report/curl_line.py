"""A request as a shell line for curl, ready to paste: the one place that quotes.

Everything is quoted for a POSIX shell, and nothing but printable ASCII is written. $BASE_URL stands for the
server, and a variable named after a header for a value that is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

_PLAIN = re.compile(r"[A-Za-z0-9_/?&=%.,:;@+~*()'\[\]{}|^<>#-]*")  # means itself within double quotes
_PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+")
_WITH_BODY = ("--data", "--form")


@dataclass(frozen=True, slots=True)
class Unshown:
    """The value of a header that must not be printed."""

    name: str


def line(
    method: str, target: str, options: Sequence[str | Unshown] = (), data: bytes | None = None
) -> str | None:
    """`target` is path and query, encoded; `options` are curl's. None where it cannot be written safely."""
    written = [option for option in options if isinstance(option, str)]
    if not all(map(_printable, (method, target, *written))):
        return None
    before, body = _body(data)
    words = [before + "curl", *_switches(method, target, bool(body) or _has_body(written))]
    words.append(_address(target))
    for option in options:
        words += [quote(option)] if isinstance(option, str) else ["-H", _variable(option.name)]
    return " ".join([*words, *body])


def _printable(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _has_body(options: Sequence[str]) -> bool:
    return any(option.startswith(_WITH_BODY) for option in options)


def _switches(method: str, target: str, has_body: bool) -> list[str]:
    """How curl is kept from sending something else than what is asked for."""
    switches = []
    if method == "HEAD":
        switches = ["--head"]
    elif method != "GET" or has_body:
        switches = ["-X", quote(method)]
    if set(target) & set("[]{}"):
        switches.append("--globoff")
    if "/." in target.partition("?")[0]:
        switches.append("--path-as-is")
    return switches


def _address(target: str) -> str:
    if _PLAIN.fullmatch(target):
        return f'"$BASE_URL{target}"'
    return f'"$BASE_URL"{quote(target)}'


def _variable(name: str) -> str:
    variable = re.sub(r"\W", "_", name, flags=re.ASCII).upper()
    if _PLAIN_NAME.fullmatch(name):
        return f'"{name}: ${variable}"'
    return f'{quote(f"{name}: ")}"${variable}"'


def _body(data: bytes | None) -> tuple[str, list[str]]:
    """What comes before curl, and curl's options. Bytes that a terminal cannot show are made by printf."""
    if data is None:
        return "", []
    text = data.decode("latin-1")
    if _printable(text):
        return "", ["--data-raw", quote(text)]
    escaped = "".join(map(_escaped, data))
    if escaped.startswith("-"):  # else an option of printf
        escaped = f"\\055{escaped[1:]}"
    return f"printf {quote(escaped)} | ", ["--data-binary", "@-"]


def _escaped(byte: int) -> str:
    """One byte as printf's format has it."""
    character = chr(byte)
    if character in "%\\":
        return character * 2
    return character if 0x20 <= byte <= 0x7E else f"\\{byte:03o}"
