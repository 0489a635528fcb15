"""What will be regretted: types, keys and names of what a revision makes, and transactions that it ends."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.migrations.lint.changes import Added, Changed
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import Column, Index, Table, Type
from driftcheck.database.migrations.lint.settled import Event
from driftcheck.database.tokens import Kind
from driftcheck.difference import Difference, Severity

_FAMILY = "practice"
_LIMIT = {"postgresql": 63, "mysql": 64, "mariadb": 64}
_SMALL_KEYS = {"integer", "smallint", "int", "tinyint", "mediumint"}
_ENDS = {"commit", "rollback", "begin", "start"}


def regretted(subject: Subject, events: list[Event]) -> Iterator[Difference]:
    """All findings about practice."""
    for event in events:
        match event.step:
            case Added(thing=Table()):
                table = subject.ran.after.table(event.table)
                if (
                    table is not None
                    and table.kind == "table"
                    and subject.ran.before.table(event.table) is None
                ):
                    yield from _new_table(subject, event, table)
            case Added(thing=Column() as column):
                yield from _column(subject, event, column)
            case Added(thing=Index() as index):
                table = subject.ran.after.table(event.table)
                if table is not None:
                    yield from _index(subject, event, table, index)
            case Added(thing=Type(kind="enum") as enum):
                if all(each.name != enum.name for each in subject.ran.before.types.values()):
                    says = f"enum {enum.name} is created"
                    yield _make(subject, event, "enum-created", enum.name, says, "enum")
            case Changed(before=Type() as before, after=Type() as after) if before.labels != after.labels:
                yield from _appended(subject, event, before, after)
    yield from _statements(subject)


def _make(
    subject: Subject,
    event: Event,
    aspect: str,
    object: str,
    says: str,
    kind: str,
    at_most: Severity | None = None,
) -> Difference:
    return subject.danger(
        _FAMILY, aspect, object, says, kind=kind, line=event.statement.line, at_most=at_most
    )


def _new_table(subject: Subject, event: Event, table: Table) -> Iterator[Difference]:
    for column in table.columns:
        yield from _column(subject, event, column)
        if subject.ran.dialect == "postgresql" and column.type == "json":
            says = f"column {table.name}.{column.name} is json, not jsonb"
            place = f"{table.name}.{column.name}"
            yield _make(subject, event, "json-column", place, says, "column", Severity.INFO)
    if not table.primary_key and table.parent is None:
        says = f"table {table.name} has no primary key"
        yield _make(subject, event, "table-without-key", table.name, says, "table")
    engine = table.options.get("engine", "")
    if engine and engine.lower() not in {"innodb", "xtradb", "memory"}:
        yield _make(
            subject, event, "table-engine", table.name, f"table {table.name} is made with {engine}", "table"
        )
    yield from _key(subject, event, table)
    for index in table.indexes:
        yield from _index(subject, event, table, index)
    for each in table.constraints:
        if (
            each.kind == "foreign key"
            and not _indexed(table, each.columns)
            and subject.ran.dialect != "mysql"
        ):
            place = f"{table.name}.({','.join(each.columns)})"
            says = f"no index begins with the foreign key {place}"
            yield _make(subject, event, "foreign-key-not-indexed", place, says, "foreign_key")


def _indexed(table: Table, columns: tuple[str, ...]) -> bool:
    keys = [index.columns for index in table.indexes] + [table.primary_key]
    return any(set(key[: len(columns)]) == set(columns) for key in keys)


def _key(subject: Subject, event: Event, table: Table) -> Iterator[Difference]:
    for name in table.primary_key if len(table.primary_key) == 1 else ():
        column = table.column(name)
        if column is None or subject.ran.dialect == "sqlite":
            continue
        place = f"{table.name}.{name}"
        if column.type.partition("(")[0].lower() in _SMALL_KEYS and column.numbered:
            says = f"the primary key {place} is {column.type}"
            yield _make(subject, event, "integer-key", place, says, "column")
        if column.numbered and column.default is not None and subject.ran.dialect == "postgresql":
            says = f"column {place} is numbered by serial"
            yield _make(subject, event, "serial-key", place, says, "column")


def _column(subject: Subject, event: Event, column: Column) -> Iterator[Difference]:
    place, kind = f"{event.table}.{column.name}", column.type.lower()
    if subject.ran.dialect == "postgresql":
        if kind.startswith("timestamp") and "without time zone" in kind:
            says = f"column {place} is a timestamp without time zone"
            yield _make(subject, event, "timestamp-without-zone", place, says, "column")
        if kind.startswith("character(") or kind == "character":
            says = f"column {place} is {column.type}"
            yield _make(subject, event, "char-column", place, says, "column")
        if kind.startswith("character varying("):
            yield _make(subject, event, "varchar-limit", place, f"column {place} is {column.type}", "column")
    if kind in {"float", "double", "real", "double precision"} and _money(column.name):
        says = f"column {place} holds money as {column.type}"
        yield _make(subject, event, "float-money", place, says, "column")


def _money(name: str) -> bool:
    return bool(
        {"price", "amount", "cost", "total", "balance", "fee", "salary"} & set(name.lower().split("_"))
    )


def _index(subject: Subject, event: Event, table: Table, index: Index) -> Iterator[Difference]:
    place, line = f"{table.name}.{index.name}", _built(subject, event, index)
    if len(index.columns) > 3 and not index.unique:
        says = f"index {place} has {len(index.columns)} columns"
        yield subject.danger(_FAMILY, "index-wide", place, says, kind="index", line=line)
    for other in table.indexes:
        same = other.columns == index.columns and other.name != index.name and _shape(other) == _shape(index)
        if (
            same
            and (other.unique or not index.unique)
            and (_old(subject, event, other) or (other.unique, other.name) >= (index.unique, index.name))
        ):
            says = f"index {place} has the columns of {other.name}"
            yield subject.danger(_FAMILY, "index-duplicate", place, says, kind="index", line=line)
            break


def _built(subject: Subject, event: Event, index: Index) -> int | None:
    """The line that made an index: of a new table it is seldom that of the table."""
    for statement in subject.ran.statements:
        for step in statement.measured.steps:
            if isinstance(step, Added) and isinstance(step.thing, Index) and step.thing.key == index.key:
                return statement.line
    return event.statement.line


def _old(subject: Subject, event: Event, index: Index) -> bool:
    table = subject.ran.before.table(event.table)
    return table is not None and any(each.key == index.key for each in table.indexes)


def _shape(index: Index) -> str:
    """What an index is besides its name and uniqueness: method, predicate, operator classes."""
    text = index.definition
    return text[text.find("USING") :] if "USING" in text else "" if "KEY" in text else text


def _appended(subject: Subject, event: Event, before: Type, after: Type) -> Iterator[Difference]:
    old = {key for key, _ in before.labels}
    words = {word for part in event.statement.parts for word in part.words}
    for key, label in after.labels:
        if key not in old and not words & {"before", "after"}:
            says = f"value '{label}' is put at the end of enum {after.name}"
            yield _make(subject, event, "enum-value-placed-last", f"{after.name}.{label}", says, "enum")


def _statements(subject: Subject) -> Iterator[Difference]:
    limit = _LIMIT.get(subject.ran.dialect)
    for statement in subject.ran.statements:
        for part in statement.parts:
            if part.verb in _ENDS and len(part.words) <= 3:
                says = f"{part.verb.upper()} is executed by the revision itself"
                yield subject.danger(
                    _FAMILY,
                    "own-transaction",
                    subject.ran.revision,
                    says,
                    kind="revision",
                    line=statement.line,
                )
            names = [token.text for token in part.tokens if token.kind in {Kind.WORD, Kind.NAME}]
            for name in names if limit is not None and part.ddl else []:
                if limit is not None and len(name.encode()) > limit:
                    says = f"the name {name} is longer than {limit} bytes"
                    yield subject.danger(
                        _FAMILY, "name-too-long", name, says, kind="table", line=statement.line
                    )
            yield from _ignored_reference(subject, statement.line, part.has("references"), part.target)
    yield from _half_way(subject)


def _ignored_reference(
    subject: Subject, line: int | None, written: bool, target: str
) -> Iterator[Difference]:
    """MySQL reads REFERENCES behind a column and makes no key of it."""
    table = subject.ran.after.table(target)
    if not written or table is None or subject.ran.dialect == "postgresql":
        return
    if not any(each.kind == "foreign key" for each in table.constraints):
        says = f"REFERENCES is written, but {target} has no foreign key"
        yield subject.danger(_FAMILY, "foreign-key-ignored", target, says, kind="foreign_key", line=line)


def _half_way(subject: Subject) -> Iterator[Difference]:
    """Statements that commit by themselves and are not guarded: a second run stops at what is there."""
    changing = [each for each in subject.ran.statements if any(part.ddl for part in each.parts)]
    always = subject.ran.dialect in {"mysql", "mariadb"}
    for each in [each for each in changing if always or each.autocommit] if len(changing) > 1 else []:
        if not any(part.has("exists") for part in each.parts):
            says = "a statement commits by itself and has no IF [NOT] EXISTS"
            yield subject.danger(
                _FAMILY, "not-rerunnable", subject.ran.revision, says, kind="revision", line=each.line
            )
            return
