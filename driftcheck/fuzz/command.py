"""What was sent as a shell line: the request, or the calls that lead to it one after the other."""

from __future__ import annotations

from driftcheck.fuzz.outcome import Sent
from driftcheck.report.curl_line import Unshown, line

_LONGEST = 4000


def command(sent: Sent) -> str | None:
    """None where the request cannot be written as printable ASCII, or would fill the screen."""
    steps = [_step(each) for each in (*sent.before, sent)]
    written = " && ".join(step for step in steps if step is not None)
    return written if all(steps) and len(written) <= _LONGEST else None


def _step(sent: Sent) -> str | None:
    options: list[str | Unshown] = []
    for name, value in sent.headers:
        options += [Unshown(name)] if value is None else ["-H", f"{name}: {value}" if value else f"{name};"]
    typed = any(name.lower() == "content-type" for name, _ in sent.headers)
    if sent.body is not None and not typed:
        options += ["-H", "Content-Type:"]  # curl would say that it is a form
    return line(sent.method, sent.target, options, sent.body)
