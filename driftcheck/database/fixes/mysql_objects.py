"""Fix hints for views, triggers, routines, events and sequences of MariaDB and MySQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from driftcheck.database.fixes.sql import Quoting
from driftcheck.database.model import Database, Event, Function, Name, Trigger, View
from driftcheck.database.model import Sequence as SequenceValue
from driftcheck.difference import Change, Difference

_ROUTINE = re.compile(
    r"(?P<sort>FUNCTION|PROCEDURE) \((?P<taken>.*?)\) (?P<returns>[^\n]*?)"
    r"(?P<rest>(?: ?DETERMINISTIC)?(?: ?(?:NO SQL|READS SQL DATA|MODIFIES SQL DATA))?"
    r"(?: ?SQL SECURITY INVOKER)?)"
    r"\s*\n(?P<body>.*)",
    re.DOTALL,
)
_MOMENT = re.compile(r"\b(at|ends) (\d{4}-\d\d-\d\d[ T][\d:.]+)")
_CHECKED = re.compile(r"with (?:cascaded|local) check option")


@dataclass(frozen=True, slots=True)
class Objects:
    """Writes the statements of one expected schema; each with the word for its turn."""

    expected: Database
    quoting: Quoting

    def of(self, difference: Difference) -> Iterator[tuple[str, str]]:
        """Turns and statements; none where there is no sure one."""
        place, kind = difference.object, difference.kind
        if kind == "trigger":
            found: Any = _named(self.expected.triggers, place, lambda item: f"{item.table}.{item.name}")
            if difference.change is not Change.MISSING:
                yield "free", f"DROP TRIGGER {self.quoting.name(place.rpartition('.')[2])}"
            yield from self.trigger(found) if found is not None else ()
        elif kind == "view":
            found = _named(self.expected.views, place, lambda item: str(item.name))
            if difference.change is Change.EXTRA:
                yield "free", f"DROP VIEW {self._place(place)}"
            elif found is not None and found.definition:
                yield "view", self._view(found)
        elif kind == "function":
            yield from self._function(difference)
        elif kind == "event":
            found = _named(self.expected.events, place, lambda item: str(item.name))
            if difference.change is not Change.MISSING:
                yield "free", f"DROP EVENT {self._place(place)}"
            if found is not None:
                yield "last", self._event(found)
        elif kind == "sequence":
            found = _named(self.expected.sequences, place, lambda item: str(item.name))
            if difference.change is Change.EXTRA:
                yield "unused", f"DROP SEQUENCE {self._place(place)}"
            elif found is not None:
                verb = "CREATE" if difference.change is Change.MISSING else "ALTER"
                yield "type", f"{verb} SEQUENCE {self._place(place)} {_numbers(found)}"

    def _place(self, place: str) -> str:
        schema, _, name = place.rpartition(".")
        return self.quoting.place(Name(schema or None, name))

    def trigger(self, trigger: Trigger) -> Iterator[tuple[str, str]]:
        """The statement that makes a trigger, if it was told what it does."""
        timing, event, body = (*trigger.definition.split(" ", 2), "", "")[:3]
        if body:
            on = self.quoting.place(trigger.table)
            name = self.quoting.name(trigger.name)
            yield "last", f"CREATE TRIGGER {name} {timing} {event} ON {on} FOR EACH ROW {body}"

    def _view(self, view: View) -> str:
        told = " ".join(view.options)
        algorithm = "ALGORITHM = TEMPTABLE " if "algorithm temptable" in told else ""
        security = "SQL SECURITY INVOKER " if "sql security invoker" in told else ""
        checked = _CHECKED.search(told)
        end = f" {checked[0].upper()}" if checked else ""
        place = self.quoting.place(view.name)
        return f"CREATE OR REPLACE {algorithm}{security}VIEW {place} AS {view.definition}{end}"

    def _function(self, difference: Difference) -> Iterator[tuple[str, str]]:
        name, _, sort = difference.object.partition("(")
        found = [
            item
            for item in self.expected.functions
            if str(item.name) == name and (not sort or item.signature.endswith(f"({sort}"))
        ]
        made = _routine(found[0], self.quoting) if found else None
        if difference.change is not Change.MISSING:
            words = [sort.removesuffix(")").upper()] if sort else ["FUNCTION", "PROCEDURE"]
            if made is None and difference.change is not Change.EXTRA:
                return
            for word in words:
                yield "free", f"DROP {word} IF EXISTS {self._place(name)}"
        if made is not None:
            yield "code", made

    def _event(self, event: Event) -> str:
        when, _, body = event.definition.partition(" do ")
        state = "" if event.enabled == "enabled" else " DISABLE"
        schedule = _MOMENT.sub(r"\1 '\2'", when)
        return f"CREATE EVENT {self.quoting.place(event.name)} ON SCHEDULE {schedule}{state} DO {body}"


def _named(group: Sequence[Any], place: str, name: Any) -> Any:
    return next((item for item in group if name(item) == place), None)


def _routine(function: Function, quoting: Quoting) -> str | None:
    found = _ROUTINE.fullmatch(function.definition)
    if found is None:
        return None
    returns = f" RETURNS {found['returns'].strip()}" if found["sort"] == "FUNCTION" else ""
    place, rest = quoting.place(function.name), found["rest"].strip()
    return f"CREATE {found['sort']} {place}({found['taken']}){returns} {rest} {found['body']}"


def _numbers(value: SequenceValue) -> str:
    return (
        f"START WITH {value.start} INCREMENT BY {value.increment} MINVALUE {value.minimum}"
        f" MAXVALUE {value.maximum} CACHE {value.cache} {'CYCLE' if value.cycle else 'NOCYCLE'}"
    )
