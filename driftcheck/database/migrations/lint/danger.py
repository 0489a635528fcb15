"""Makes the Differences of the lint: one for a rule, an object and a revision, with the line of the call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from driftcheck.database.migrations.lint.schema import Table
from driftcheck.database.migrations.lint.statement import Ran
from driftcheck.difference import JSON, Change, Difference, Location, Severity, Side

SMALL_TABLE = 10_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows the live tables hold (by name; missing: unknown), and how many are few."""

    rows: Mapping[str, int] = field(default_factory=dict)
    few: int = SMALL_TABLE

    def of(self, table: str) -> int | None:
        """The rows of a table, None when unknown."""
        return self.rows.get(table, self.rows.get(table.rpartition(".")[2]))

    def small(self, table: str) -> bool:
        """Whether work on all of its rows is over in no time; unknown is not small."""
        rows = self.of(table)
        return rows is not None and rows < self.few

    def large(self, table: str) -> bool:
        """Whether it is known to be large."""
        rows = self.of(table)
        return rows is not None and rows >= self.few


@dataclass(frozen=True, slots=True)
class Subject:
    """A revision under judgement: what it did, and how large the tables are."""

    ran: Ran
    sizes: Sizes = field(default_factory=Sizes)

    def tables(self) -> Iterator[Table]:
        """The tables that were there before."""
        return (table for table in self.ran.before.tables.values() if table.kind == "table")

    def table(self, name: str) -> Table | None:
        """A table that was there before, as a statement may write its name."""
        for candidate in (name, name.rpartition(".")[2], name.lower()):
            found = self.ran.before.table(candidate)
            if found is not None:
                return found
        return None

    def busy(self, name: str) -> bool:
        """Whether blocking this table is worth an alarm: there before, not small, not Alembic's."""
        if name.rpartition(".")[2] == "alembic_version":
            return False
        table = self.ran.before.table(name)
        return table is not None and table.kind != "sequence" and not self.sizes.small(name)

    def danger(
        self,
        family: str,
        aspect: str,
        object: str,
        says: str,
        *,
        kind: str = "table",
        line: int | None = None,
        expected: JSON = None,
        actual: JSON = None,
        at_most: Severity | None = None,
    ) -> Difference:
        """A finding to be; `says` is the first half of its message."""
        return difference(
            self.ran.revision, self.ran.file, family, aspect, object, says,
            kind=kind, line=self.ran.line(line, object.rpartition(".")[2]), expected=expected,
            actual=actual, at_most=at_most,
        )  # fmt: skip


def difference(
    revision: str,
    file: str,
    family: str,
    aspect: str,
    object: str,
    says: str,
    *,
    kind: str = "table",
    line: int | None = None,
    expected: JSON = None,
    actual: JSON = None,
    at_most: Severity | None = None,
) -> Difference:
    """See Subject.danger."""
    return Difference(
        subject=f"migration-{family}",
        kind=kind,
        object=object,
        change=Change.CHANGED,
        cause=f"{revision}:{object}",
        attribute=aspect,
        name=object.rpartition(".")[2],
        expected=expected,
        actual=actual,
        at_most=at_most,
        facts={"revision": revision, "says": says},
        locations=(Location(Side.ACTUAL, file, line),),
    )
