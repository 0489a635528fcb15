"""Holds one value (a body, a parameter, a header) to its schema, and words what is wrong without quoting it.

Undeclared names and missing ones of the same object are looked at together: they may be one rename.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from driftcheck.difference import Change, Effect, Flow, Rename, Severity
from driftcheck.openapi.schema.shape import Term
from driftcheck.renaming.pairs import best_renames
from driftcheck.traffic.decode import coerce
from driftcheck.traffic.gather import Call, Gather
from driftcheck.traffic.gauge import Gauge, UnjudgeableError, Violation
from driftcheck.traffic.plan import Plan, Unknown
from driftcheck.traffic.route import is_data
from driftcheck.traffic.secrets import is_redacted
from driftcheck.traffic.standard_headers import is_standard

# A violation of these is worth a line and no failure: validators disagree, or readers are tolerant.
_SOFT = frozenset({"format", "oneOf"})
# Of an object or array, what depends on the values inside of it, and not on which there are.
_OF_VALUES = frozenset({"anyOf", "oneOf", "not", "const", "enum", "contains"})
_LONGEST_SHOWN = 80
_FEW_DIGITS = re.compile(r"[\d -]{1,11}")  # may well be somebody's own, although it begins with 00
_SURE = 0.7  # confidence of a rename to a field that may be missing anyway


@dataclass(frozen=True, slots=True)
class Site:
    """Where a value stands: `subject` as in rules ("request-field"), `pointer` below the operation.

    `words` names the value as a whole ("the body", "parameter limit").
    """

    subject: str
    kind: str
    pointer: str
    flow: Flow
    words: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Where problems go, and how they are told."""

    gather: Gather
    show_values: bool = False
    ignored_headers: tuple[str, ...] = ()

    def tells(self, header: str) -> bool:
        """Whether an undescribed header (in lower case) is worth a word."""
        if is_standard(header):
            return False
        return not any(fnmatchcase(header, glob.lower()) for glob in self.ignored_headers)

    def value(self, call: Call, gauge: Gauge, value: Any, site: Site) -> None:
        """Judge a value; members are looked at by name first, then everything by the validator."""
        unknown: list[Unknown] = []
        try:
            if site.kind != "header":
                gauge.plan.walk(value, (), unknown)
            violations = gauge.judge(value)
        except (UnjudgeableError, RecursionError):
            self.gather.skip(f"{call.label} {site.pointer}", "a value that no validator takes")
            return
        if gauge.failure:
            self.gather.skip(f"{call.label} {site.pointer}", f"its schema cannot be used: {gauge.failure}")
        if not unknown and not violations:
            return
        holders = call.exchange.placeholders
        renamed: set[tuple[tuple[str | int, ...], str]] = set()
        for one in unknown:
            renamed |= self._unknown(call, gauge.plan, one, site, holders)
        for violation in violations:
            if holders and holds(violation.value, holders):
                continue
            if _is_hidden(violation, site):
                self.gather.skip(f"{call.label} {site.pointer}", "a redacted value")
                continue
            self._violation(call, gauge, violation, site, renamed)

    def _unknown(
        self, call: Call, root: Plan, one: Unknown, site: Site, holders: tuple[str, ...]
    ) -> set[tuple[tuple[str | int, ...], str]]:
        """Tells the undeclared members of one object; the missing members that are renamed come back."""
        names = frozenset(name for name in one.names if not any(text in name for text in holders))
        pairs = _renames(one, names)
        said: set[tuple[tuple[str | int, ...], str]] = set()
        for old, new, confidence in pairs:
            said.add((one.path, new))
            pointer, words = root.place((*one.path, old))
            self.gather.tell(
                call,
                site.subject,
                Change.RENAMED,
                site.pointer + pointer,
                f"{_verb(site)} {old}, the description calls it {new}",
                node=_declaration(one.plan, new),
                name=old,
                kind="property",
                flow=site.flow,
                effect=_effect(site),
                rename=Rename(old, new, confidence),
                expected=old,
                actual=new,
                facts={"where": words, "side": site.flow},
            )
        for name in sorted(names - {old for old, _, _ in pairs}):
            self._undeclared(call, root, one, name, site)
        return said

    def _undeclared(self, call: Call, root: Plan, one: Unknown, name: str, site: Site) -> None:
        if is_data(name):  # an object keyed by values: one finding for all of them, and none of them told
            name = "*"
        pointer, words = root.place((*one.path, name))
        closed = one.plan.openness == "closed"
        origins = [part for shape in one.plan.shapes for part in shape.origin.parts]
        self.gather.tell(
            call,
            site.subject,
            Change.MISSING,
            site.pointer + pointer,
            f"{_verb(site)} {words}, which the description does not have",
            node=origins[0] if origins else None,
            name=name,
            kind="property",
            flow=site.flow,
            effect=_effect(site),
            at_most=None if closed else Severity.INFO if one.plan.openness == "open" else Severity.RISKY,
            facts={"where": words, "closed": closed, "side": site.flow},
        )

    def _violation(
        self,
        call: Call,
        gauge: Gauge,
        violation: Violation,
        site: Site,
        renamed: set[tuple[tuple[str | int, ...], str]],
    ) -> None:
        keyword = violation.keyword
        if keyword in ("additionalProperties", "unevaluatedProperties"):
            return  # told by name already
        if keyword in ("required", "dependentRequired"):
            if (violation.path, violation.names[0]) not in renamed:
                self._missing(call, gauge, violation, site)
            return
        pointer, words = gauge.plan.place(violation.path)
        told = describe(violation.value)
        if self.show_values:
            told += f" ({shown(violation.value)})"
        where = _where(site, words)
        self.gather.tell(
            call,
            site.subject,
            Change.CHANGED,
            site.pointer + pointer,
            f"{where} is {told}",
            node=violation.node,
            attribute=keyword,
            kind="property" if words else site.kind,
            name=words or None,
            flow=site.flow,
            effect=_effect(site),
            expected=told,
            actual=violation.limit,
            at_most=Severity.RISKY if keyword in _SOFT else None,
            facts={"where": where, "told": told, "side": site.flow},
        )

    def _missing(self, call: Call, gauge: Gauge, violation: Violation, site: Site) -> None:
        name = violation.names[0]
        if lenient(call, site.flow):
            return
        pointer, words = gauge.plan.place((*violation.path, name))
        self.gather.tell(
            call,
            site.subject,
            Change.EXTRA,
            site.pointer + pointer,
            f"{words} is not {'sent' if site.flow is Flow.SENT else 'in the answer'}",
            node=violation.node,
            name=name,
            kind="property",
            flow=site.flow,
            effect=_effect(site),
            facts={"where": words, "side": site.flow},
        )


def lenient(call: Call, flow: Flow) -> bool:
    """Whether what is left out means nothing: an answer in a pact holds only what its consumer reads."""
    return flow is Flow.RECEIVED and call.exchange.provenance == "contract"


def _renames(one: Unknown, names: frozenset[str]) -> list[tuple[str, str, float]]:
    """(name in the recording, name in the description, confidence)"""
    plan, value = one.plan, one.value
    missing = {name: terms for name, terms in plan.names.items() if name not in value}
    if not missing or not names:
        return []

    def fits(given: Any, terms: Any) -> float:
        return _fits(plan, terms, given) if terms else 1.0

    given = {name: value[name] for name in sorted(names)}
    required = frozenset().union(*(shape.required for shape in plan.shapes))
    return [pair for pair in best_renames(given, missing, fits) if pair[1] in required or pair[2] >= _SURE]


def _fits(plan: Plan, terms: Iterable[Term], value: Any) -> float:
    """1 where the types agree; less where a text may stand for such a value, as in queries and forms."""
    kinds = frozenset().union(*(plan.canon.shape(term).types for term in terms))
    kind = kind_of(value)
    if kind in kinds or (kind == "integer" and "number" in kinds):
        return 1.0
    return 0.6 if isinstance(value, str) and not isinstance(coerce(value, kinds), str) else 0.0


def _declaration(plan: Plan, name: str) -> Any:
    terms = plan.names.get(name) or plan.terms
    return terms[0].nodes[0] if terms and terms[0].nodes else None


def _verb(site: Site) -> str:
    return "sends" if site.flow is Flow.SENT else "got"


def _effect(site: Site) -> Effect:
    return Effect.NARROWED if site.flow is Flow.SENT else Effect.WIDENED


def _where(site: Site, words: str) -> str:
    if words and site.subject.endswith("field"):
        return f"field {words}"
    return f"{site.words}{'' if words.startswith('[') or not words else '.'}{words}"


def holds(value: Any, placeholders: tuple[str, ...]) -> bool:
    """Whether a placeholder stands anywhere in a value."""
    if isinstance(value, str):
        return any(text in value for text in placeholders)
    if isinstance(value, Mapping):
        return any(holds(part, placeholders) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(holds(item, placeholders) for item in value)


def _is_hidden(violation: Violation, site: Site) -> bool:
    """Whether a stand-in breaks the rule, of which its own value is not known.

    In JSON a stand-in has the type of what it stands for; in a parameter everything is text.
    """
    if violation.keyword == "type" and site.kind not in ("parameter", "header"):
        return False
    whole = isinstance(violation.value, (Mapping, list))
    return (not whole or violation.keyword in _OF_VALUES) and _is_redacted(violation.value)


def _is_redacted(value: Any) -> bool:
    if isinstance(value, str):
        return is_redacted(value) and not _FEW_DIGITS.fullmatch(value)
    if isinstance(value, Mapping):
        return any(map(_is_redacted, value.values()))
    return isinstance(value, list) and any(map(_is_redacted, value))


def kind_of(value: Any) -> str:
    """The JSON type of a value; whole floats are integers (JSON Schema 2020-12, 4.2.3)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names: dict[type, str] = {float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def describe(value: Any) -> str:
    """A value in words that give nothing away: its type and length."""
    kind = kind_of(value)
    if kind == "string":
        return "an empty string" if not value else f"a string of {_count(len(value), 'character')}"
    if kind == "array":
        return f"an array of {_count(len(value), 'element')}"
    if kind == "object":
        return f"an object of {_count(len(value), 'member')}"
    return {"null": "null", "boolean": "a boolean", "integer": "an integer"}.get(kind, "a number")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shown(value: Any) -> str:
    """A value itself, cut short; only where the user asked for values."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
