"""Noise rules that a replay proposes, as driftcheck's configuration and as Keploy's take them."""

from __future__ import annotations

import json
from collections.abc import Sequence


def as_text(proposals: Sequence[str]) -> list[str]:
    """Lines to paste: one block for driftcheck.toml or pyproject.toml, one for keploy.yml.

    Keploy's paths know neither operations nor elements of arrays, so its block says less.
    """
    rules = [json.dumps(each, ensure_ascii=False) for each in proposals]
    ours = ["These places differ from run to run. As noise in pyproject.toml:", ""]
    ours += ["[tool.driftcheck.traffic]", "noise = [", *(f"  {rule}," for rule in rules), "]", ""]
    paths = dict.fromkeys(_keploy_path(each) for each in proposals)
    fields = [path for path in paths if path]
    if not fields:
        return ours
    theirs = ["In keploy.yml:", "", "test:", "  globalNoise:", "    global:", "      body:"]
    return [*ours, *theirs, *(f"        {json.dumps(path)}: []" for path in fields), ""]


def _keploy_path(proposal: str) -> str:
    place = proposal.split(" ", 2)[2].partition(":")[0]
    return ".".join(part for part in place.split(".")[1:] if part != "*")
