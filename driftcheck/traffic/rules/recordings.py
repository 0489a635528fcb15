"""Rules about the recordings themselves."""

from __future__ import annotations

import json

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import GOOD, call, description
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import fact


@RULES.rule(
    "recording-unreadable",
    on=("recording", Change.CHANGED, "readable"),
    category="recordings",
    title="A recording, or a part of one, cannot be read",
    severity=Severity.RISKY,
    why="What it holds was not checked, and nobody may take that for a pass.",
    fix="Record it again, or leave the file out.",
    bad=Example(description(), json.dumps(json.loads(call())) + '\n{"driftcheck": 1, "request": "torn'),
    good=GOOD,
)
def _(d: Difference) -> str:
    return f"{d.object} cannot be read: {fact(d, 'why')}"
