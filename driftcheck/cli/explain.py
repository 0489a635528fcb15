"""`driftcheck explain RULE`: all that a rule's declaration says."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent, wrap
from typing import Annotated

import typer

from driftcheck.cli.options import rules_beginning
from driftcheck.errors import DriftcheckError
from driftcheck.rule import Example, Rule


def command(
    rule: Annotated[str, typer.Argument(metavar="RULE", autocompletion=rules_beginning)],
) -> int:
    """Explain a rule: why it matters, how to mend what it finds, and an example of each kind."""
    from driftcheck.catalogue import all_rules
    from driftcheck.cli.output import write_out
    from driftcheck.config_values import did_you_mean

    known = {each.id: each for each in all_rules()}
    if rule not in known:
        hint = did_you_mean(rule, known) or "`driftcheck rules` lists them all"
        raise DriftcheckError(f"there is no rule {rule!r}", hint)
    write_out("\n".join(_lines(known[rule])) + "\n")
    return 0


def _lines(rule: Rule) -> Iterator[str]:
    yield rule.id
    yield f"{rule.title} ({rule.severity}, category {rule.category}, since {rule.since})"
    if rule.replaced_by:
        yield f"Replaced by {rule.replaced_by}."
    yield from _section("Why it matters", rule.why)
    yield from _section("What to do", rule.fix)
    yield from _example("Fires on", rule.bad)
    yield from _example("Does not fire on", rule.good)


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield from wrap(text, 80, initial_indent="  ", subsequent_indent="  ")


def _example(title: str, example: Example) -> Iterator[str]:
    for side, text in (("expected", example.expected), ("actual", example.actual)):
        yield ""
        yield f"{title} ({side})"
        yield indent(text.strip("\n"), "    ")
