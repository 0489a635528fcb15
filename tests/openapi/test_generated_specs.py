"""Large, cyclic and hostile documents: one change is one finding, and equal ones stay silent."""

import pytest

import driftcheck
from benchmarks.specs import KINDS, payments

RESOURCES = 60


def alarms(old, new):
    found = driftcheck.check_api(old, new).to_dict()["findings"]
    return [finding for finding in found if finding["severity"] != "info"]


@pytest.mark.parametrize("edit", ["none", "docs", "rename"])
def test_equal_payments_specs_are_silent(edit):
    assert alarms(payments(RESOURCES), payments(RESOURCES, edit)) == []


def test_a_field_removed_from_a_component_that_everything_reaches_is_one_finding():
    (finding,) = alarms(payments(RESOURCES), payments(RESOURCES, "one"))

    assert finding["object"] == f"resource_{RESOURCES // 2}"
    assert finding["pointer"].endswith("/properties/created")
    assert len(finding["operations"]) > RESOURCES


def test_every_changed_component_has_its_own_findings():
    found = alarms(payments(RESOURCES), payments(RESOURCES, "many"))

    assert {finding["object"] for finding in found} == {f"resource_{n}" for n in range(0, RESOURCES, 10)}
    assert {finding["change"] for finding in found} == {"missing"}


@pytest.mark.parametrize(("kind", "size"), [("deep", 60), ("bomb", 40), ("tree", 40), ("union", 30)])
def test_a_change_at_the_bottom_is_one_finding(kind, size):
    assert len(alarms(KINDS[kind](size), KINDS[kind](size, "one"))) == 1


@pytest.mark.parametrize(
    ("kind", "size"), [("deep", 60), ("bomb", 40), ("tree", 40), ("union", 30), ("paths", 30)]
)
def test_a_generated_spec_against_itself_is_silent(kind, size):
    assert alarms(KINDS[kind](size), KINDS[kind](size)) == []


def test_every_renamed_path_is_named():
    found = alarms(KINDS["paths"](30), KINDS["paths"](30, "one"))

    assert [finding["rename"]["to"].rpartition("/")[2] for finding in found] == ["item"] * 30
