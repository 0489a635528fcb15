"""The set that every rule file of the database half registers in, and the short ways to declare one.

An example is DDL for SQLite unless its first line is "-- postgresql" or "-- mariadb". All rules are
`shown`: drift is worth a line even where it breaks nothing, but column order is not.
"""

from __future__ import annotations

from collections.abc import Callable

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.rule import Category, Example, RuleSet

RULES = RuleSet()

BREAKING, RISKY, INFO = Severity.BREAKING, Severity.RISKY, Severity.INFO
_VERBS = {Effect.NARROWED: "narrowed", Effect.WIDENED: "widened", Effect.UNCLEAR: "changed", None: "changed"}
_PG = "-- postgresql\n"
_MY = "-- mariadb\n"


def postgresql(*ddl: str) -> tuple[str, ...]:
    """An example for PostgreSQL."""
    return tuple(_PG + text for text in ddl)


def mariadb(*ddl: str) -> tuple[str, ...]:
    """An example for MariaDB."""
    return tuple(_MY + text for text in ddl)


def declare(
    id: str,
    kind: str,
    change: Change,
    severity: Severity,
    says: str,
    fix: str,
    bad: tuple[str, ...],
    *,
    attribute: str | None = None,
    effect: Effect | None = None,
    category: Category = "schema",
    shown: bool = True,
    title: str = "",
    subject: Callable[[Difference], str] | None = None,
) -> None:
    """Declare one rule; `says` is what happens to running code, and the second half of the message.

    `title` and `subject`, the first half, are made of the kind and the change where they are not given.
    """
    what = {Change.MISSING: "is missing", Change.EXTRA: "is not expected", Change.RENAMED: "has another name"}
    title = title or f"{_words(kind)} {what.get(change, f'has another {_words(attribute or kind)}')}"
    on = (kind, change) if attribute is None else (kind, change, attribute)
    register = RULES.rule(
        id,
        on=on,
        effect=effect,
        title=title[0].upper() + title[1:],
        severity=severity,
        why=f"{says[0].upper()}{says[1:]}.",
        fix=fix,
        bad=Example(*bad),
        good=Example(bad[0], bad[0]),
        category=category,
        shown=shown,
    )
    first = subject or _subject
    register(lambda difference: f"{first(difference)}: {says}.")


def changed(
    kind: str,
    attribute: str,
    fix: str,
    *cases: tuple[Effect | None, Severity, str, tuple[str, ...]],
    category: Category = "schema",
    shown: bool = True,
) -> None:
    """Declare the rules of one attribute, one for each effect that has a say of its own."""
    for effect, severity, says, bad in cases:
        verb = "harmless" if effect is None and len(cases) > 1 else _VERBS[effect]
        id = f"{kind}-{attribute}-{verb}".replace("_", "-")
        declare(
            id, kind, Change.CHANGED, severity, says, fix, bad,
            attribute=attribute, effect=effect, category=category, shown=shown,
        )  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def _subject(difference: Difference) -> str:
    kind, place = _words(difference.kind), difference.object
    if difference.change is Change.MISSING:
        return f"{kind} {place} is missing"
    if difference.change is Change.EXTRA:
        return f"{kind} {place} is not expected"
    if difference.rename is not None:
        return f"{kind} {place} is called {difference.rename.new}"
    ours, theirs = _short(difference.expected), _short(difference.actual)
    return f"{_words(difference.attribute or '')} of {kind} {place} is {theirs}, expected {ours}"


def _short(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(_short(item) for item in value) + ")"
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
