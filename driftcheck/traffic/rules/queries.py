"""Rules about recorded SQL. Examples: the tables that there are as YAML, and a recorded statement."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import fact

_TABLES = "users: [id, name]\n"
_GOOD = Example(_TABLES, "SELECT u.id, name FROM users AS u WHERE u.name LIKE $1")


def _times(d: Difference) -> str:
    count = fact(d, "count")
    return "in 1 recorded statement" if count == 1 else f"in {count} recorded statements"


@RULES.rule(
    "recorded-query-table-missing",
    on=("recorded-query-table", Change.MISSING),
    category="recordings",
    title="A recorded query uses a table that nothing makes",
    severity=Severity.BREAKING,
    why="The service ran this query. In a database that is made from the models or migrations it fails.",
    fix="Write the migration or the model, or take the query out of the service.",
    bad=Example(_TABLES, "SELECT id FROM people"),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return f"table {d.name} is used {_times(d)}, and {fact(d, 'in')} does not have it"


@RULES.rule(
    "recorded-query-column-missing",
    on=("recorded-query-column", Change.MISSING),
    category="recordings",
    title="A recorded query uses a column that nothing makes",
    severity=Severity.BREAKING,
    why="The service ran this query. In a database that is made from the models or migrations it fails.",
    fix="Write the migration or the model, or take the column out of the query.",
    bad=Example(_TABLES, "SELECT u.nick FROM users AS u"),
    good=_GOOD,
)
def _(d: Difference) -> str:
    return f"column {d.name} of {fact(d, 'tables')} is used {_times(d)}, and {fact(d, 'in')} does not have it"
