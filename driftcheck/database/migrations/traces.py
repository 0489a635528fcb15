"""Says in words what a downgrade leaves of its upgrade."""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.difference import Change, Difference


def traces(differences: Iterable[Difference]) -> list[str]:
    """One line each; `expected` is the schema before the upgrade, `actual` the one after the downgrade."""
    return [_said(item) for item in differences if not _is_trifle(item)]


def _is_trifle(difference: Difference) -> bool:
    """A column that was dropped and comes back is the last one; what was validated may stay so."""
    if difference.kind == "comment" or (difference.kind, difference.attribute) == ("column", "order"):
        return True
    return difference.attribute == "valid" and difference.actual is True


def _said(difference: Difference) -> str:
    what = f"{difference.kind.replace('_', ' ')} {difference.object}"
    if difference.change is Change.MISSING:
        return f"{what} is gone"
    if difference.change is Change.EXTRA:
        return f"{what} is left behind"
    if difference.rename is not None:
        return f"{what} is called {difference.rename.new}"
    attribute = (difference.attribute or "").replace("_", " ")
    return f"{attribute} of {what} is {_short(difference.actual)}, was {_short(difference.expected)}"


def _short(value: object) -> str:
    if isinstance(value, list | tuple):
        return "(" + ", ".join(_short(item) for item in value) + ")"
    text = "none" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
