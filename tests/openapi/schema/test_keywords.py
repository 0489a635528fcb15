"""The keyword table has no holes: every keyword of every dialect has a row, or is listed with the reason."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from driftcheck.difference import Effect, Flow
from driftcheck.openapi.keywords import ANNOTATIONS, KEYWORDS, WRITTEN_OUT
from driftcheck.openapi.rules import RULES
from driftcheck.openapi.rules.subjects import SUBJECTS

KNOWN = {row.name for row in KEYWORDS} | ANNOTATIONS.keys() | WRITTEN_OUT.keys()


def _package(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _openapi(version: str, *path: str) -> set[str]:
    file = _package("openapi_spec_validator") / "resources" / "schemas" / version / "schema.json"
    value = json.loads(file.read_text(encoding="utf-8"))
    for step in path:
        value = value[step]
    return set(value["properties"])


def _json_schema() -> set[str]:
    folder = _package("jsonschema_specifications") / "schemas" / "draft202012"
    found: set[str] = set()
    for file in (folder / "metaschema.json", *sorted((folder / "vocabularies").iterdir())):
        found |= set(json.loads(file.read_text(encoding="utf-8")).get("properties", {}))
    return found


DIALECTS = {
    "2.0": _openapi("v2.0", "definitions", "schema"),
    "3.0": _openapi("v3.0", "definitions", "Schema"),
    "2020-12": _json_schema(),
    "3.1 vocabulary": {"discriminator", "xml", "externalDocs", "example"},
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_keyword_is_known(dialect: str) -> None:
    assert len(DIALECTS[dialect]) >= 4
    assert DIALECTS[dialect] - KNOWN == set()


def test_no_keyword_is_in_two_lists() -> None:
    assert not {row.name for row in KEYWORDS} & ANNOTATIONS.keys()
    assert not WRITTEN_OUT.keys() & ANNOTATIONS.keys()


def test_every_reason_is_a_sentence_part() -> None:
    for keyword, reason in {**ANNOTATIONS, **WRITTEN_OUT}.items():
        assert len(reason) > 8, keyword


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.id)
@pytest.mark.parametrize("row", [row for row in KEYWORDS if not row.only], ids=lambda row: row.name)
def test_what_hurts_has_a_rule_at_every_place(subject, row) -> None:
    harm = Effect.NARROWED if subject.flow is Flow.SENT else Effect.WIDENED
    found = {
        rule.effect for rule in RULES if rule.subject == subject.id and rule.attribute in (row.name, "*")
    }
    assert {harm, Effect.UNCLEAR} <= found
