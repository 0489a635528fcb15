"""The generated specs are valid and as cyclic as they claim; nothing is timed here."""

import pytest
from openapi_spec_validator.schemas import openapi_v30_schema_validator

from benchmarks.specs import KINDS, payments


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("edit", ["none", "one"])
def test_generated_specs_are_valid(kind, edit):
    assert list(openapi_v30_schema_validator.iter_errors(KINDS[kind](5, edit))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_changes_the_spec_and_no_edit_does_not(kind):
    assert KINDS[kind](5, "none") == KINDS[kind](5, "none")
    assert KINDS[kind](5, "none") != KINDS[kind](5, "one")


@pytest.mark.parametrize("edit", ["docs", "rename", "many"])
def test_every_payments_edit_changes_it(edit):
    assert payments(20, "none") != payments(20, edit)


def test_every_resource_of_payments_reaches_every_other():
    schemas = payments(12)["components"]["schemas"]
    reached, pending = set(), ["resource_0"]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(other for other in schemas if f"schemas/{other}'" in repr(schemas[name]))

    assert {f"resource_{number}" for number in range(12)} <= reached
