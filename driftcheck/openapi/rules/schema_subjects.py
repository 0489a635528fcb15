"""Rules that exist at every place of a schema, but are not about one keyword's values: renamed enum values,
discriminators, xml names, deprecation, and what could not be decided."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Flow, Severity
from driftcheck.openapi.rules.keywords import shown
from driftcheck.openapi.rules.registry import RULES
from driftcheck.openapi.rules.subjects import SUBJECTS, Subject
from driftcheck.rule import Example

_KEEP = "Keep the old one as well until all consumers have moved, then remove it in a new version."


def _where(d: Difference) -> str:
    return str((d.facts or {}).get("where", d.name))


def _soft(d: Difference) -> bool:
    return bool((d.facts or {}).get("soft"))


def _enum_renamed(subject: Subject) -> None:
    for keyword, old, new in (
        ("enum", '{"enum": ["colour", "size"]}', '{"enum": ["color", "size"]}'),
        ("const", '{"const": "colour"}', '{"const": "color"}'),
    ):

        @RULES.rule(
            f"{subject.id}-{keyword}-value-renamed",
            on=(subject.id, Change.RENAMED, keyword),
            title=f"A value of {keyword} was renamed in {subject.words}",
            severity=Severity.BREAKING,
            why="Consumers still use the old spelling.",
            fix=_KEEP,
            bad=subject.example(old, new),
            good=subject.example(old, f'{{"allOf": [{old}]}}'),
        )
        def _(d: Difference) -> str:
            return f"{_where(d)}: the value {shown(d.expected)} was renamed to {shown(d.actual)}"


def _undecided(subject: Subject) -> None:
    old, new = (f'{{"type": "string", "pattern": "^(a|b){again}+$"}}' for again in (r"\\1", r"(\\1)"))

    @RULES.rule(
        f"{subject.id}-undecided",
        on=(subject.id, Change.CHANGED, "*"),
        effect=Effect.UNCLEAR,
        title=f"A change in {subject.words} that could not be decided",
        severity=Severity.RISKY,
        why="Neither a proof that the change is harmless nor a value that shows the contrary was found.",
        fix="Read the change; write the constraint in a simpler way if you can.",
        bad=subject.example(old, new),
        good=subject.example(old, old),
    )
    def _(d: Difference) -> str:
        return f"{_where(d)}: {d.attribute} was {shown(d.expected)}, is now {shown(d.actual)}"


def _whole(subject: Subject) -> None:
    sent = subject.flow is Flow.SENT
    word = "narrowed" if sent else "widened"
    one, two = '{"oneOf": [{"type": "integer"}]}', '{"oneOf": [{"type": "integer"}, {"multipleOf": 2}]}'

    @RULES.rule(
        f"{subject.id}-schema-{word}",
        on=(subject.id, Change.CHANGED, "*"),
        effect=Effect.NARROWED if sent else Effect.WIDENED,
        title=f"The schema as a whole {word} in {subject.words}",
        severity=Severity.BREAKING,
        why="Keywords that are harmless one by one act on each other, as when a value fits two of oneOf.",
        fix="Look at the value that shows it, and at the keywords that the message names.",
        bad=subject.example(*((one, two) if sent else (two, one))),
        good=subject.example(one, f'{{"allOf": [{one}]}}'),
    )
    def _(d: Difference) -> str:
        if d.expected is None and d.actual is None:
            return f"{_where(d)}: the schema as a whole {word}"
        return f"{_where(d)}: {d.attribute} was {shown(d.expected)}, is now {shown(d.actual)}"


def _deprecated(subject: Subject) -> None:
    @RULES.rule(
        f"{subject.id}-deprecated",
        on=(subject.id, Change.CHANGED, "deprecated"),
        category="docs",
        title=f"Deprecated: {subject.words}",
        severity=Severity.INFO,
        why="It still works, and is going to be removed.",
        fix="Tell consumers what to use instead, and when it goes (x-sunset).",
        bad=subject.example('{"type": "string"}', '{"type": "string", "deprecated": true}'),
        good=subject.example('{"type": "string"}', '{"type": "string", "deprecated": false}'),
    )
    def _(d: Difference) -> str:
        return f"{_where(d)} is now deprecated"


def _xml(subject: Subject) -> None:
    template = subject.template.replace("application/json", "application/xml")

    def example(old: str, new: str) -> Example:
        return Example(template.replace("SCHEMA", old), template.replace("SCHEMA", new))

    old = '{"type": "string", "xml": {"name": "a"}}'

    @RULES.rule(
        f"{subject.id}-xml-changed",
        on=(subject.id, Change.CHANGED, "xml"),
        title=f"The XML spelling changed in {subject.words}",
        severity=Severity.BREAKING,
        why="Names, namespaces and wrapping are what an XML document consists of.",
        fix="Keep the old XML names, or publish a new version.",
        bad=example(old, '{"type": "string", "xml": {"name": "b"}}'),
        good=example(old, f'{{"allOf": [{old}]}}'),
    )
    def _(d: Difference) -> str:
        return f"{_where(d)}: xml was {shown(d.expected)}, is now {shown(d.actual)}"


_PETS = """\
components:
  schemas:
    Cat: {type: object, required: [kind], properties: {kind: {enum: [cat, kitten, feline, Cat]}}}
    Dog: {type: object, required: [kind], properties: {kind: {enum: [dog, Dog]}}}
"""
_PET = (
    '{"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], '
    '"discriminator": {"propertyName": "kind", "mapping": {MAPPING}}}'
)


def _with_pets(subject: Subject, old: str, new: str) -> Example:
    return Example(*(subject.template.replace("SCHEMA", schema) + _PETS for schema in (old, new)))


def _mapping_example(subject: Subject, old: str, new: str) -> Example:
    return _with_pets(subject, _PET.replace("MAPPING", old), _PET.replace("MAPPING", new))


def _union(discriminator: str) -> str:
    """A oneOf of two objects, as JSON; `kind` and `sort` are required, so that either can discriminate."""
    body = (
        '{"type": "object", "required": ["kind", "sort", "%s"], "title": "%s", '
        '"properties": {"kind": {"type": "string"}, "sort": {"type": "string"}}}'
    )
    return f'{{"oneOf": [{body % ("a", "A")}, {body % ("b", "B")}]{discriminator}}}'


def _discriminator(subject: Subject) -> None:
    pets = _PET.replace(', "mapping": {MAPPING}', "")
    plain = pets.replace(', "discriminator": {"propertyName": "kind"}', "")
    kind = ', "discriminator": {"propertyName": "kind"}'
    sort = ', "discriminator": {"propertyName": "sort"}'

    @RULES.rule(
        f"{subject.id}-discriminator-changed",
        on=(subject.id, Change.CHANGED, "discriminator"),
        title=f"Another property discriminates in {subject.words}",
        severity=Severity.BREAKING,
        why="Consumers tell the branches apart by the old property.",
        fix=_KEEP,
        bad=subject.example(_union(kind), _union(sort)),
        good=subject.example(_union(kind), f'{{"allOf": [{_union(kind)}]}}'),
    )
    def _(d: Difference) -> str | None:
        if _soft(d):
            return None
        return f"{_where(d)}: the discriminator was {d.expected}, is now {d.actual}"

    @RULES.rule(
        f"{subject.id}-discriminator-added-or-removed",
        on=(subject.id, Change.CHANGED, "discriminator"),
        title=f"A discriminator came or went in {subject.words}",
        severity=Severity.RISKY,
        why="Code generators treat the branches differently with a discriminator and without.",
        fix="Check generated clients; values on the wire need not change.",
        bad=_with_pets(subject, *((plain, pets) if subject.flow is Flow.SENT else (pets, plain))),
        good=_with_pets(subject, pets, f'{{"allOf": [{pets}]}}'),
    )
    def _(d: Difference) -> str | None:
        if not _soft(d):
            return None
        if d.expected is None:
            return f"{_where(d)}: {d.actual} is now the discriminator"
        return f"{_where(d)}: the discriminator {d.expected} is gone"


_CAT = '"cat": "#/components/schemas/Cat", '
_DOG = '"dog": "#/components/schemas/Dog"'


def _mapping(subject: Subject) -> None:
    same = _mapping_example(subject, _CAT + _DOG, _CAT.replace("#/components/schemas/", "") + _DOG)
    two = _CAT + '"kitten": "#/components/schemas/Cat", ' + _DOG

    @RULES.rule(
        f"{subject.id}-discriminator-value-renamed",
        on=(subject.id, Change.RENAMED, "mapping"),
        title=f"A discriminator value was renamed in {subject.words}",
        severity=Severity.BREAKING,
        why="Consumers tell the branches apart by the old value.",
        fix=_KEEP,
        bad=_mapping_example(subject, _CAT + _DOG, _CAT.replace('"cat"', '"feline"') + _DOG),
        good=same,
    )
    def _(d: Difference) -> str:
        return f"{_where(d)}: the value {shown(d.expected)} of {d.name} was renamed to {shown(d.actual)}"

    for effect, word, examples in (
        (Effect.NARROWED, "removed", (two, _CAT + _DOG)),
        (Effect.WIDENED, "added", (_CAT + _DOG, two)),
    ):
        harmful = (effect is Effect.NARROWED) == (subject.flow is Flow.SENT)

        @RULES.rule(
            f"{subject.id}-discriminator-value-{word}",
            on=(subject.id, Change.CHANGED, "mapping"),
            effect=effect,
            title=f"A discriminator value was {word} in {subject.words}",
            severity=Severity.BREAKING if harmful else Severity.INFO,
            why="Each value of the discriminator is one that consumers send, or must know.",
            fix=_KEEP if harmful else "Nothing to do.",
            bad=_mapping_example(subject, *examples),
            good=same,
        )
        def _(d: Difference) -> str:
            state = "is gone" if d.actual is None else "is new"
            return f"{_where(d)}: the value {shown(d.expected or d.actual)} of {d.name} {state}"


for _subject in SUBJECTS:
    _enum_renamed(_subject)
    _discriminator(_subject)
    _mapping(_subject)
    _xml(_subject)
    _deprecated(_subject)
    _undecided(_subject)
    _whole(_subject)
