"""`driftcheck rules`: the catalogue, as a list for people or as JSON for tools."""

from __future__ import annotations

from typing import Annotated

from driftcheck.cli.options import one_of


def command(format: Annotated[str, one_of(("text", "json"), "--format")] = "text") -> int:
    """List every rule: what driftcheck can find, and how bad it is unless you say otherwise."""
    from driftcheck.catalogue import all_rules, described
    from driftcheck.cli.output import write_out

    rules = all_rules()
    if format == "json":
        from driftcheck.report.json import dumps

        write_out(dumps([described(rule) for rule in rules], indent=2) + "\n")
        return 0
    width = max((len(rule.id) for rule in rules), default=0)
    lines = [f"{rule.severity:<8}  {rule.id:<{width}}  {rule.title}" for rule in rules]
    write_out("\n".join([*lines, "", f"{len(rules)} rules. More on one: driftcheck explain RULE", ""]))
    return 0
