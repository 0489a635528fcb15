"""What must hold for any documents: rewrites are silent, edits are found, proofs are true, sides swap.

The same examples every time; DRIFTCHECK_EXAMPLES=1000 tries that many new ones for each property, and
shrinks what fails.
"""

import copy
import os
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

import driftcheck
from driftcheck.config import Config
from tests.openapi import oracle, rewrites, strategies
from tests.openapi.document_edits import DOCUMENT_EDITS
from tests.openapi.documents import complete, wrap
from tests.openapi.edits import Edit, edits_of

SEARCH = os.environ.get("DRIFTCHECK_EXAMPLES")
PLAIN = settings(
    derandomize=SEARCH is None,
    database=None,
    deadline=None,
    max_examples=int(SEARCH or 60),
    phases=[Phase.generate, Phase.shrink] if SEARCH else [Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
CHANGELOG = Config(changelog=True)
SWAPPED = {"narrowed": "widened", "widened": "narrowed", "unclear": "unclear", None: None}


def findings(old: dict[str, Any], new: dict[str, Any], config: Config | None = None) -> list[dict[str, Any]]:
    return driftcheck.check_api(old, new, config=config).to_dict()["findings"]


def alarms(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [f"{f['rule']} {f['pointer']}" for f in findings(old, new) if f["severity"] != "info"]


def at(place: str, schema: Any) -> dict[str, Any]:
    return complete(wrap(place, schema, "3.1"), "3.1")


@st.composite
def edited(draw: st.DrawFn) -> Edit:
    schema = draw(strategies.plain_schemas())
    possible = edits_of(schema)
    assume(possible)
    return draw(st.sampled_from(possible))


def schemas_of_every_kind() -> st.SearchStrategy[Any]:
    return st.one_of(strategies.schemas(), strategies.keyword_schemas(), strategies.tagged_unions())


@st.composite
def schema_pairs(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Two schemas, often alike, and a value that often satisfies one of them."""
    anything = schemas_of_every_kind()
    old = draw(anything)
    alike = st.one_of(st.just(old), *(st.just(edit.tight) for edit in edits_of(old)[:6]))
    new = draw(st.one_of(anything, alike))
    return old, new, draw(strategies.values(draw(st.sampled_from([old, new]))))


# --- nothing to report ----------------------------------------------------------------------------


@PLAIN
@given(strategies.documents())
def test_a_document_against_its_copy_has_nothing_to_report(document):
    assert findings(document, copy.deepcopy(document), CHANGELOG) == []


@PLAIN
@given(st.data())
def test_an_equal_rewrite_raises_no_alarm(data):
    document = data.draw(strategies.documents())
    equal, done = data.draw(rewrites.rewritten(document))

    assert alarms(document, equal) == [], done
    assert alarms(equal, document) == [], done


@PLAIN
@given(st.data())
def test_many_equal_rewrites_raise_no_alarm(data):
    document = data.draw(strategies.documents())
    equal, done = data.draw(rewrites.rewritten(document, most=12))

    assert alarms(document, equal) == [], done


@PLAIN
@given(st.data(), st.sampled_from(["request", "response", "query"]))
def test_an_equal_schema_raises_no_alarm(data, place):
    anything = strategies.scalars() if place == "query" else schemas_of_every_kind()
    schema = data.draw(anything)
    equal, done = data.draw(rewrites.rewritten_schema(schema, most=6))

    assert alarms(at(place, schema), at(place, equal)) == [], done
    assert alarms(at(place, equal), at(place, schema)) == [], done


@PLAIN
@given(strategies.plain_schemas(), st.sampled_from(["request", "response"]))
def test_the_same_schema_in_another_version_raises_no_alarm(schema, place):
    old = complete(wrap(place, as_30(schema), "3.0"), "3.0")
    new = complete(wrap(place, schema, "3.1"), "3.1")

    assert alarms(old, new) == []
    assert alarms(new, old) == []


def as_30(schema: Any) -> Any:
    """A schema of strategies.plain_schemas() in the words of OpenAPI 3.0."""
    if not isinstance(schema, dict):
        return [as_30(item) for item in schema] if isinstance(schema, list) else schema
    out = {key: as_30(value) for key, value in schema.items()}
    kinds = out.get("type")
    if isinstance(kinds, list):
        del out["type"]
        known = [{"type": kind} for kind in kinds if kind != "null"]
        if "null" in kinds:
            known = [{**branch, "nullable": True} for branch in known]
        out["anyOf"] = known
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if exclusive in out:
            out[bound] = out[exclusive]
            out[exclusive] = True
    return out


# --- what changed is found ------------------------------------------------------------------------


@PLAIN
@given(edited())
def test_a_stricter_request_breaks_at_the_edited_place(edit):
    found = findings(at("request", edit.wide), at("request", edit.tight))

    assert [f["severity"] for f in found] == ["breaking"], edit
    assert at_or_below(found[0]["pointer"], edit.pointer), (edit, found[0]["pointer"])
    assert found[0]["flow"] == "sent"


@PLAIN
@given(edited())
def test_a_looser_response_is_reported_at_the_edited_place(edit):
    found = findings(at("response", edit.tight), at("response", edit.wide))

    expected = "risky" if edit.what == "drop value" else "breaking"
    assert [f["severity"] for f in found] == [expected], edit
    assert at_or_below(found[0]["pointer"], edit.pointer), (edit, found[0]["pointer"])
    assert found[0]["flow"] == "received"


@PLAIN
@given(st.data(), st.booleans())
def test_an_edited_operation_is_the_one_finding_however_the_rest_is_rewritten(data, rewrite):
    document = data.draw(strategies.documents())
    new = copy.deepcopy(document)
    edit = data.draw(st.sampled_from(DOCUMENT_EDITS))
    name = edit(new, lambda among: data.draw(st.sampled_from(among)))
    done: list[str] = []
    if rewrite:
        new, done = data.draw(rewrites.rewritten(new))

    found = [f for f in findings(document, new) if f["severity"] != "info"]
    assert [f["severity"] for f in found] == ["breaking"], (edit.__name__, done, [f["rule"] for f in found])
    assert name in (found[0]["operation"], found[0]["object"]), (edit.__name__, name, found[0]["operation"])


@PLAIN
@given(edited())
def test_a_looser_request_and_a_stricter_response_raise_no_alarm(edit):
    assert alarms(at("request", edit.tight), at("request", edit.wide)) == []
    assert alarms(at("response", edit.wide), at("response", edit.tight)) == []


@PLAIN
@given(edited(), st.sampled_from(["request", "response"]))
def test_swapping_the_sides_swaps_narrowed_and_widened(edit, place):
    there = findings(at(place, edit.wide), at(place, edit.tight), CHANGELOG)
    back = findings(at(place, edit.tight), at(place, edit.wide), CHANGELOG)

    assert effects(there) == sorted((place, str(SWAPPED[effect])) for place, effect in raw_effects(back))


def raw_effects(found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(f["pointer"], f["effect"]) for f in found]


def effects(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((place, str(effect)) for place, effect in raw_effects(found))


def at_or_below(pointer: str, wanted: str) -> bool:
    """The wanted end, or one keyword deeper."""
    return pointer.endswith(wanted) or pointer.rsplit("/", 1)[0].endswith(wanted)


# --- verdicts agree with a validator --------------------------------------------------------------


@PLAIN
@given(schema_pairs())
def test_a_value_that_only_the_old_side_takes_is_never_called_compatible(drawn):
    old_schema, new_schema, value = drawn
    assume(declared_only(value, old_schema))
    old, new = at("request", old_schema), at("request", new_schema)
    assume(oracle.accepts(old, old_schema, value, "sent"))
    assume(not oracle.accepts(new, new_schema, value, "sent"))

    assert alarms(old, new), value


@PLAIN
@given(schema_pairs())
def test_a_value_that_only_the_new_side_gives_is_never_called_compatible(drawn):
    old_schema, new_schema, value = drawn
    assume(declared_only(value, old_schema))
    old, new = at("response", old_schema), at("response", new_schema)
    assume(oracle.accepts(new, new_schema, value, "received"))
    assume(not oracle.accepts(old, old_schema, value, "received"))

    assert alarms(old, new), value


@PLAIN
@given(schema_pairs(), st.sampled_from(["request", "response"]))
def test_every_counterexample_is_one(drawn, place):
    old_schema, new_schema, _ = drawn
    old, new = at(place, old_schema), at(place, new_schema)
    for finding in findings(old, new, CHANGELOG):
        shown = finding["counterexample"]
        if shown is not None:
            takes = {
                "expected": oracle.accepts(old, old_schema, shown["value"], finding["flow"]),
                "actual": oracle.accepts(new, new_schema, shown["value"], finding["flow"]),
            }
            assert takes[shown["accepted_by"]], finding
            assert not takes[shown["refused_by"]], finding


@PLAIN
@given(strategies.scalars(), strategies.scalars(), st.sampled_from(["query", "response_header"]))
def test_every_counterexample_of_a_text_is_one(old_schema, new_schema, place):
    old, new = at(place, old_schema), at(place, new_schema)
    for finding in findings(old, new, CHANGELOG):
        shown = finding["counterexample"]
        if shown is not None:
            flow = finding["flow"]
            takes = {
                "expected": oracle.accepts(old, old_schema, shown["value"], flow, "text"),
                "actual": oracle.accepts(new, new_schema, shown["value"], flow, "text"),
            }
            assert takes[shown["accepted_by"]], finding
            assert not takes[shown["refused_by"]], finding


@PLAIN
@given(st.data())
def test_a_text_that_only_the_old_side_takes_is_never_called_compatible(data):
    old_schema, new_schema = data.draw(strategies.scalars()), data.draw(strategies.scalars())
    value = data.draw(strategies.values(old_schema))
    old, new = at("query", old_schema), at("query", new_schema)
    assume(oracle.accepts(old, old_schema, value, "sent", "text"))
    assume(not oracle.accepts(new, new_schema, value, "sent", "text"))

    assert alarms(old, new), value


def declared_only(value: Any, schema: Any) -> bool:
    """No name in `value` is one that `schema` declares nowhere: those are no part of a contract."""
    return names_of(value) <= declared(schema)


def names_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(names_of(member) for member in value.values()))
    return set().union(*(names_of(item) for item in value)) if isinstance(value, list) else set()


def declared(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(declared(item) for item in schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", {})).union(*(declared(value) for value in schema.values()))
