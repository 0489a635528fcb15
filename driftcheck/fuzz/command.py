"""A request as a curl line, ready to paste: everything quoted for a POSIX shell, $BASE_URL for the server."""

from __future__ import annotations

from shlex import quote

from driftcheck.fuzz.outcome import Sent

_LONGEST = 4000


def command(sent: Sent) -> str | None:
    """None where a body or header cannot be written as printable ASCII."""
    method = ["-X", sent.method]
    if sent.method == "HEAD":
        method = ["--head"]
    elif sent.method == "GET" and sent.body is None:
        method = []
    options = [text for name, value in sent.headers for text in ("-H", f"{name}: {value}")]
    if sent.body is not None:
        try:
            options += ["--data-raw", sent.body.decode("ascii")]
        except UnicodeDecodeError:
            return None
    if len(sent.body or b"") > _LONGEST or not all(option.isprintable() for option in options):
        return None
    if not sent.target.isascii() or set(sent.target) & set('"`\\'):
        return None
    target = sent.target.replace("$", "\\$")
    return " ".join(["curl", *map(quote, method), f'"$BASE_URL{target}"', *map(quote, options)])
