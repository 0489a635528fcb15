"""Fix hints for what is no table: types, sequences, views, functions, triggers, policies and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from driftcheck.database.fixes.keys import added
from driftcheck.database.fixes.sql import Quoting, execute, literal
from driftcheck.database.keys import items
from driftcheck.database.model import (
    Composite,
    Database,
    Domain,
    Enum,
    Name,
    Policy,
    Table,
    Trigger,
    View,
)
from driftcheck.database.model import Sequence as SequenceValue
from driftcheck.difference import Change, Difference

_ATTRIBUTE = re.compile(r'("(?:[^"]|"")+"|\S+) (.*)', re.DOTALL)
_WORDS = {"minimum": "MINVALUE", "maximum": "MAXVALUE", "start": "START", "increment": "INCREMENT BY"}
_FIRES = {"origin": "ENABLE", "disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


@dataclass(slots=True)
class Objects:
    """Writes the operations of one expected schema."""

    expected: Database
    quoting: Quoting
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known, database = self._known, self.expected
        groups: dict[str, Sequence[Any]] = {
            "enum": database.enums,
            "domain": database.domains,
            "type": database.composites,
            "sequence": database.sequences,
            "view": database.views,
            "function": database.functions,
        }
        for kind, group in groups.items():
            known |= {(kind, str(item.name)): item for item in group}
        known |= {
            ("function", f"{item.name}({item.signature.partition('(')[2]}"): item
            for item in database.functions
        }
        known |= {("trigger", f"{item.table}.{item.name}"): item for item in database.triggers}
        for table in database.tables:
            known |= {("policy", f"{table.name}.{item.name}"): (table, item) for item in table.policies}

    def find(self, difference: Difference) -> Any:
        """The expected object that a difference is about."""
        kind = "view" if difference.kind == "materialized_view" else difference.kind
        return self._known.get((kind, difference.object))

    def of(self, difference: Difference) -> Iterator[str]:
        """The statements for one difference, none where there is no sure one."""
        write = {
            "schema": self._schema,
            "extension": self._extension,
            "enum": self._enum,
            "domain": self._domain,
            "type": self._type,
            "sequence": self._sequence,
            "view": self._view,
            "materialized_view": self._view,
            "function": self._function,
            "trigger": self._trigger,
            "policy": self._policy,
        }.get(difference.kind)
        for statement in write(difference) if write is not None else ():
            yield execute(statement)

    def _place(self, difference: Difference) -> str:
        found = self.find(difference)
        return self.quoting.place(found.name if found is not None else name_of(difference.object))

    def _schema(self, difference: Difference) -> Iterator[str]:
        if difference.change is Change.MISSING:
            yield f"CREATE SCHEMA {self.quoting.name(difference.object)}"

    def _extension(self, difference: Difference) -> Iterator[str]:
        if difference.change is Change.MISSING:
            yield f'CREATE EXTENSION IF NOT EXISTS "{difference.object}"'
        elif difference.attribute == "version":
            yield f'ALTER EXTENSION "{difference.object}" UPDATE TO {literal(str(difference.expected))}'

    def _enum(self, difference: Difference) -> Iterator[str]:
        place, enum = self._place(difference), self.find(difference)
        if difference.rename is not None and enum is not None:
            yield from self._enum_renamed(name_of(difference.rename.new), enum.name)
        elif difference.change is Change.EXTRA:
            yield f"DROP TYPE {place}"
        elif difference.change is Change.MISSING and enum is not None:
            yield f"CREATE TYPE {place} AS ENUM ({', '.join(map(literal, enum.values))})"
        elif difference.attribute == "values" and enum is not None:
            yield from self._labels(place, enum, _listed(difference.actual))

    def _enum_renamed(self, old: Name, new: Name) -> Iterator[str]:
        if old.schema != new.schema and new.schema is not None:
            yield f"ALTER TYPE {self.quoting.place(old)} SET SCHEMA {self.quoting.name(new.schema)}"
            old = Name(new.schema, old.name)
        if old.name != new.name:
            yield f"ALTER TYPE {self.quoting.place(old)} RENAME TO {self.quoting.name(new.name)}"

    def _labels(self, place: str, enum: Enum, actual: list[str]) -> Iterator[str]:
        """A label is renamed or added where that is all; anything else needs the type anew."""
        wanted = list(enum.values)
        others = [(one, other) for one, other in zip(wanted, actual, strict=False) if one != other]
        if len(wanted) == len(actual) and len(others) == 1 and others[0][0] not in actual:
            yield f"ALTER TYPE {place} RENAME VALUE {literal(others[0][1])} TO {literal(others[0][0])}"
        elif [label for label in wanted if label in actual] == actual:
            for label, before in zip(wanted, [None, *wanted], strict=False):
                where = f"AFTER {literal(before)}" if before is not None else f"BEFORE {literal(actual[0])}"
                if label not in actual:
                    yield f"ALTER TYPE {place} ADD VALUE {literal(label)} {where}"
        else:
            yield from self._anew(place, enum)

    def _anew(self, place: str, enum: Enum) -> Iterator[str]:
        old = self.quoting.name(f"{enum.name.name}_old")
        yield f"ALTER TYPE {place} RENAME TO {old}"
        yield f"CREATE TYPE {place} AS ENUM ({', '.join(map(literal, enum.values))})"
        for table in self.expected.tables:
            for column in table.columns:
                if column.type.name.replace('"', "") == str(enum.name) and not column.type.dimensions:
                    alter = (
                        f"ALTER TABLE {self.quoting.place(table.name)} ALTER {self.quoting.name(column.name)}"
                    )
                    yield f"{alter} DROP DEFAULT"
                    yield f"{alter} TYPE {place} USING {self.quoting.name(column.name)}::text::{place}"
                    yield from [f"{alter} SET DEFAULT {column.default}"] if column.default else []
        yield f"DROP TYPE {self.quoting.place(Name(enum.name.schema, f'{enum.name.name}_old'))}"

    def _domain(self, difference: Difference) -> Iterator[str]:
        place, domain = self._place(difference), self.find(difference)
        if difference.change is Change.EXTRA:
            yield f"DROP DOMAIN {place}"
        elif not isinstance(domain, Domain):
            return
        elif difference.change is Change.MISSING:
            yield f"CREATE DOMAIN {place} AS {domain.type}{self._of_domain(domain)}"
        elif difference.attribute == "nullable":
            yield f"ALTER DOMAIN {place} {'DROP' if domain.nullable else 'SET'} NOT NULL"
        elif difference.attribute == "default":
            default = f"SET DEFAULT {domain.default}" if domain.default else "DROP DEFAULT"
            yield f"ALTER DOMAIN {place} {default}"
        elif difference.attribute == "check":
            actual = _listed(difference.actual)
            if not set(actual) - set(domain.check):  # the names of those to drop are not known
                for check in domain.check:
                    yield from [f"ALTER DOMAIN {place} ADD CHECK {check}"] if check not in actual else []

    def _of_domain(self, domain: Domain) -> str:
        text = f" COLLATE {self.quoting.name(domain.collation)}" if domain.collation else ""
        text += f" DEFAULT {domain.default}" if domain.default else ""
        text += "" if domain.nullable else " NOT NULL"
        return text + "".join(f" CHECK {check}" for check in domain.check)

    def _type(self, difference: Difference) -> Iterator[str]:
        place, kind = self._place(difference), self.find(difference)
        if difference.change is Change.EXTRA:
            yield f"DROP TYPE {place}"
        elif isinstance(kind, Composite) and difference.change is Change.MISSING:
            base = kind.attributes[0].removeprefix("range of ") if kind.attributes else ""
            if kind.attributes and base != kind.attributes[0]:
                yield f"CREATE TYPE {place} AS RANGE (SUBTYPE = {base})"
            else:
                yield f"CREATE TYPE {place} AS ({', '.join(kind.attributes)})"
        elif isinstance(kind, Composite) and difference.attribute == "attributes":
            yield from _parts(place, kind.attributes, _listed(difference.actual))

    def _sequence(self, difference: Difference) -> Iterator[str]:
        place, sequence = self._place(difference), self.find(difference)
        if difference.change is Change.EXTRA:
            yield f"DROP SEQUENCE {place}"
        elif isinstance(sequence, SequenceValue) and difference.change is Change.MISSING:
            told = (
                _numbers(sequence, name) for name in ("increment", "minimum", "maximum", "start", "cache")
            )
            yield f"CREATE SEQUENCE {place} AS {sequence.type} {' '.join(told)} {_cycle(sequence)}"
        elif isinstance(sequence, SequenceValue) and difference.attribute:
            yield f"ALTER SEQUENCE {place} {_numbers(sequence, difference.attribute)}"

    def _view(self, difference: Difference) -> Iterator[str]:
        place, view = self._place(difference), self.find(difference)
        word = difference.kind.replace("_", " ").upper()
        if difference.change is Change.EXTRA:
            yield f"DROP {word} {place}"
        elif not isinstance(view, View) or not view.definition:
            return
        elif difference.change is Change.MISSING:
            yield self._created(view)
        elif difference.attribute in {"definition", "materialized"}:
            was = (
                {"VIEW": "MATERIALIZED VIEW"}.get(word, "VIEW")
                if difference.attribute == "materialized"
                else word
            )
            yield f"DROP {was} {place}"
            yield self._created(view)
        elif difference.attribute == "options":
            yield from storage(f"ALTER {word} {place}", view.options, _listed(difference.actual))
        elif difference.attribute == "populated":
            yield f"REFRESH MATERIALIZED VIEW {place}"

    def _created(self, view: View) -> str:
        word = "MATERIALIZED VIEW" if view.materialized else "VIEW"
        options = f" WITH ({', '.join(view.options)})" if view.options else ""
        named = self.quoting.dialect == "sqlite" and view.definition.startswith("(")  # names of columns first
        query = view.definition.strip() if named else f"AS {view.definition.strip()}"
        return f"CREATE {word} {self.quoting.place(view.name)}{options} {query}"

    def indexes_of(self, difference: Difference) -> Iterator[str]:
        """The indexes of a materialized view that is made anew."""
        view = self.find(difference)
        if (
            isinstance(view, View)
            and difference.change is not Change.EXTRA
            and difference.attribute != "populated"
        ):
            for item in items(Table(view.name, (), indexes=view.indexes), self.expected.dialect):
                yield added(item, view.name, self.quoting)

    def _function(self, difference: Difference) -> Iterator[str]:
        function = self.find(difference)
        if difference.change is Change.EXTRA:
            name, _, arguments = difference.object.partition("(")
            yield f"DROP ROUTINE {self.quoting.place(name_of(name))}{f'({arguments}' if arguments else ''}"
        elif function is not None and function.definition.startswith("CREATE"):
            yield function.definition

    def _trigger(self, difference: Difference) -> Iterator[str]:
        trigger = self.find(difference)
        table = name_of(difference.object.rpartition(".")[0]) if trigger is None else trigger.table
        on, name = self.quoting.place(table), difference.object.rpartition(".")[2]
        if difference.rename is not None:
            old = self.quoting.name(difference.rename.new)
            yield f"ALTER TRIGGER {old} ON {on} RENAME TO {self.quoting.name(name)}"
        elif difference.attribute == "enabled" and isinstance(trigger, Trigger):
            yield f"ALTER TABLE {on} {_FIRES[trigger.enabled]} TRIGGER {self.quoting.name(name)}"
        else:
            if difference.change is not Change.MISSING:
                where = f" ON {on}" if self.quoting.dialect == "postgresql" else ""
                yield f"DROP TRIGGER {self.quoting.name(name)}{where}"
            if isinstance(trigger, Trigger) and trigger.definition[:6].upper() == "CREATE":
                yield trigger.definition
                if trigger.enabled not in {"", "origin"}:
                    yield f"ALTER TABLE {on} {_FIRES[trigger.enabled]} TRIGGER {self.quoting.name(name)}"

    def _policy(self, difference: Difference) -> Iterator[str]:
        table, policy = self.find(difference) or (None, None)
        place, _, name = difference.object.rpartition(".")
        on = self.quoting.place(table.name if table is not None else name_of(place))
        if difference.rename is not None:
            old = self.quoting.name(difference.rename.new)
            yield f"ALTER POLICY {old} ON {on} RENAME TO {self.quoting.name(name)}"
            return
        if difference.change is not Change.MISSING:
            yield f"DROP POLICY {self.quoting.name(name)} ON {on}"
        if isinstance(policy, Policy):
            yield self.policy(policy, on)

    def policy(self, policy: Policy, on: str) -> str:
        """The statement that makes a policy."""
        roles = ", ".join("PUBLIC" if role == "public" else self.quoting.name(role) for role in policy.roles)
        sort = "PERMISSIVE" if policy.permissive else "RESTRICTIVE"
        text = f"CREATE POLICY {self.quoting.name(policy.name)} ON {on} AS {sort}"
        text += f" FOR {policy.command} TO {roles}"
        text += f" USING ({policy.using})" if policy.using else ""
        return text + (f" WITH CHECK ({policy.check})" if policy.check else "")


def name_of(place: str) -> Name:
    """The name that a report shows; a dot separates the schema."""
    schema, _, name = place.rpartition(".")
    return Name(schema or None, name)


def storage(alter: str, wanted: Sequence[str], actual: Sequence[str]) -> Iterator[str]:
    """Statements that set options as they should be."""
    names = {option.partition("=")[0] for option in wanted}
    if given := [option for option in wanted if option not in actual]:
        yield f"{alter} SET ({', '.join(given)})"
    if left := sorted({option.partition("=")[0] for option in actual} - names):
        yield f"{alter} RESET ({', '.join(left)})"


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _numbers(sequence: SequenceValue, attribute: str) -> str:
    if attribute == "cycle":
        return _cycle(sequence)
    word = {"type": "AS"}.get(attribute) or _WORDS.get(attribute, attribute.upper())
    return f"{word} {getattr(sequence, attribute)}"


def _cycle(sequence: SequenceValue) -> str:
    return "CYCLE" if sequence.cycle else "NO CYCLE"


def _parts(place: str, wanted: Sequence[str], actual: Sequence[str]) -> Iterator[str]:
    """The attributes of a composite type, each by its name; in the middle none can be added."""
    ours, theirs = (
        {found[1]: found[2] for text in each if (found := _ATTRIBUTE.match(text))}
        for each in (wanted, actual)
    )
    left = [name for name in theirs if name in ours]
    if [*left, *(name for name in ours if name not in theirs)] != list(ours):
        yield f"DROP TYPE {place}"
        yield f"CREATE TYPE {place} AS ({', '.join(wanted)})"
        return
    for name in theirs.keys() - ours.keys():
        yield f"ALTER TYPE {place} DROP ATTRIBUTE {name}"
    for name, kind in ours.items():
        if name not in theirs:
            yield f"ALTER TYPE {place} ADD ATTRIBUTE {name} {kind}"
        elif theirs[name] != kind:
            yield f"ALTER TYPE {place} ALTER ATTRIBUTE {name} TYPE {kind}"
