"""The rewrites and edits that other tests stand on are what they claim to be; a validator says so."""

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.openapi import oracle, rewrites, strategies
from tests.openapi.documents import complete, wrap
from tests.openapi.edits import edits_of
from tests.openapi.test_properties import PLAIN, schemas_of_every_kind


@PLAIN
@given(st.data())
def test_a_rewritten_document_takes_the_same_values(data):
    document = data.draw(strategies.documents())
    equal, done = data.draw(rewrites.rewritten(document, most=12))
    for path, item in document["paths"].items():
        for method in ("get", "post"):
            if method in item:
                (old,), (new,) = (
                    [media["schema"] for media in response["content"].values()]
                    for side in (document, equal)
                    for response in side["paths"][path][method]["responses"].values()
                )
                value = data.draw(strategies.values(old))
                assert oracle.accepts(document, old, value, "sent") == oracle.accepts(
                    equal, new, value, "sent"
                ), (done, old, new, value)


@PLAIN
@given(st.data())
def test_a_rewritten_schema_takes_the_same_values(data):
    schema = data.draw(schemas_of_every_kind())
    equal, done = data.draw(rewrites.rewritten_schema(schema, most=8))
    value = data.draw(strategies.values(schema))
    document = complete(wrap("request", schema, "3.1"), "3.1")

    assert oracle.accepts(document, schema, value, "sent") == oracle.accepts(
        document, equal, value, "sent"
    ), done


@PLAIN
@given(st.data())
def test_a_stricter_schema_takes_nothing_new(data):
    schema = data.draw(strategies.plain_schemas())
    possible = edits_of(schema)
    assume(possible)
    edit = data.draw(st.sampled_from(possible))
    value = data.draw(strategies.values(schema))
    wide, tight = (complete(wrap("request", side, "3.1"), "3.1") for side in (edit.wide, edit.tight))

    assert oracle.accepts(wide, edit.wide, value, "sent") or not oracle.accepts(
        tight, edit.tight, value, "sent"
    )
