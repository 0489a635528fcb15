"""Rules about what must not stand in recordings that others can read."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import GOOD, call, description
from driftcheck.traffic.rules.registry import RULES


@RULES.rule(
    "recording-secret",
    on=("recording", Change.EXTRA, "secret"),
    category="recordings",
    title="A recording holds a secret in clear",
    severity=Severity.BREAKING,
    why="Recordings are committed, uploaded and mailed, and whoever reads one can use what stands in it.",
    fix="Revoke the secret, then `driftcheck traffic redact` the recording; record with driftcheck, which"
    " redacts before it writes.",
    bad=Example(description(), call({"id": 1}, {"id": 1}, url="/users?access_token=k3J9sQ2mV7xT1zB8")),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{d.name} stands in clear ({_counted(d)})"


@RULES.rule(
    "recording-personal-data",
    on=("recording", Change.EXTRA, "personal"),
    category="recordings",
    title="A recording holds personal data in clear",
    severity=Severity.RISKY,
    why="E-mail addresses, card numbers and accounts of people do not belong in test data.",
    fix="`driftcheck traffic redact` the recording: e-mail addresses stay such, numbers keep their length.",
    bad=Example(description(), call({"id": 1, "email": "mona.keller@kellermail.de"}, {"id": 1})),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{d.name} stands in clear ({_counted(d)})"


def _counted(d: Difference) -> str:
    facts = d.facts or {}
    length = f"{facts.get('length')} characters"
    if facts.get("count") == 1:
        return length
    different = f", {facts['different']} different" if facts.get("different") != 1 else ""
    return f"{length}, {facts.get('count')} times in this file{different}"
