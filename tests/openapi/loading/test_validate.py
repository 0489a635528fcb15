"""What is wrong with documents as such: named with its place, and never in the way of a comparison."""

import pytest

from driftcheck.openapi.loading import validate
from driftcheck.openapi.loading.metaschema import metaschema_errors

VALID = """
openapi: {version}
info: {{title: Shop, version: "1"}}
paths:
  /items:
    get:
      operationId: list
      responses:
        "200": {{description: fine, content: {{x/y: {{schema: {{$ref: "#/components/schemas/Item"}}}}}}}}
    post:
      operationId: create
      responses: {{"201": {{$ref: "#/components/responses/Created"}}}}
components:
  responses: {{Created: {{description: made}}}}
  schemas:
    Item: {{type: object, properties: {{id: {{type: integer}}}}, example: {{$ref: "#/not/a/reference"}}}}
"""
SWAGGER = """
swagger: "2.0"
info: {title: Shop, version: "1"}
paths:
  /items:
    get: {responses: {200: {description: fine, schema: {$ref: "#/definitions/Item"}}}}
definitions: {Item: {type: object}}
"""


def problems(document, mode="fast"):
    return [(problem.pointer, problem.message) for problem in validate(document, mode)]


@pytest.mark.parametrize("text", [VALID.format(version=v) for v in ("3.0.3", "3.1.0", "3.2.0")] + [SWAGGER])
@pytest.mark.parametrize("mode", ["off", "fast", "full"])
def test_valid_documents(opened, text, mode):
    assert problems(opened({"a.yaml": text}), mode) == []


PATHS = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
"""


@pytest.mark.parametrize(
    ("text", "pointer", "message"),
    [
        pytest.param(
            "openapi: 3.0.3\npaths: {}\n", "", '"info" is a required property', id="no info"
        ),
        pytest.param(
            "openapi: 3.0.3\ninfo: {title: x, version: 1}\npaths: {}\n",
            "/info/version",
            'the value is not of type "string"',
            id="a version that is a number",
        ),
        pytest.param(
            PATHS + "  /a: {get: {responses: {'200': {description: x, content: {x/y: "
            "{schema: {properties: {p: {type: text}}}}}}}}}\n",
            "/paths/~1a/get/responses/200/content/x~1y/schema/properties/p/type",
            "the value is not one of",
            id="a type that is none, through alternatives",
        ),
        pytest.param(
            PATHS + "  /a: {get: {parameters: [{name: x}], responses: {'200': {description: x}}}}\n",
            "/paths/~1a/get/parameters/0",
            '"in" is a required property',
            id="a parameter without place",
        ),
        pytest.param(
            PATHS + "  /a: {get: {responses: {'200': {}}}}\n",
            "/paths/~1a/get/responses/200",
            '"description" is a required property',
            id="a response without description",
        ),
        pytest.param(
            PATHS + "  /a: {get: {operationId: x, responses: {'200': {description: x}}},\n"
            "       put: {operationId: x, responses: {'200': {description: x}}}}\n",
            "/paths/~1a/put/operationId",
            "the operationId `x` is already that of GET `/a`",
            id="an operationId twice",
        ),
        pytest.param(
            PATHS + "  /a: {get: {responses: {'200': {$ref: '#/components/responses/No'}}}}\n",
            "/paths/~1a/get/responses/200",
            "the reference #/components/responses/No leads nowhere: there is nothing at #/components",
            id="a dangling reference",
        ),
        pytest.param(
            "openapi: 3.3.0\ninfo: {title: x, version: '1'}\npaths: {}\n",
            "/openapi",
            "`3.3.0` is newer than 3.2; it is read as 3.2",
            id="a newer version",
        ),
    ],
)  # fmt: skip
def test_problems_are_named_with_their_place(opened, text, pointer, message):
    document = opened({"a.yaml": text})
    found = problems(document)
    assert any(at == pointer and message in said for at, said in found), found


def test_a_problem_knows_its_file(opened):
    document = opened(
        {"a.yaml": PATHS + "  /a: {$ref: b.yaml}\n", "b.yaml": "get: {responses: {'200': {$ref: '#/x'}}}\n"}
    )
    (problem,) = validate(document, "fast")
    assert (problem.label, problem.pointer) == ("b.yaml", "/get/responses/200")
    assert problem.anchor.source.endswith("/b.yaml")


def test_a_reference_where_none_is_allowed_is_read_as_meant(opened):
    """Specs of many files put `$ref` for a whole operation or a description."""
    text = "openapi: 3.0.3\ninfo: {title: x, version: '1', description: {$ref: b.yaml#/d}}\n"
    text += "paths: {/a: {get: {$ref: b.yaml#/o}}}\n"
    other = "d: text\no: {operationId: x, responses: {'200': {description: x}}}\n"
    assert problems(opened({"a.yaml": text, "b.yaml": other})) == []


def test_references_inside_data_are_data(opened):
    text = VALID.format(version="3.1.0") + (
        "    Data: {example: {$ref: '#/no'}, examples: [{$ref: '#/no'}], enum: [{$ref: '#/no'}],\n"
        "           const: {$ref: '#/no'}, default: {$ref: '#/no'}, x-mine: {$ref: '#/no'}}\n"
    )
    assert problems(opened({"a.yaml": text})) == []


def test_a_property_called_ref_is_no_reference(opened):
    text = VALID.format(version="3.0.3") + "    Link: {type: object, properties: {$ref: {type: string}}}\n"
    assert problems(opened({"a.yaml": text})) == []


def test_integers_beyond_64_bits_do_not_disturb(opened):
    big = VALID.format(version="3.0.3") + f"    Big: {{type: integer, maximum: {10**30}}}\n"
    assert problems(opened({"a.yaml": big})) == []
    found = problems(opened({"b.yaml": big + "    Bad: {$ref: '#/no'}\n"}))
    assert [pointer for pointer, _ in found] == ["/components/schemas/Bad"]


def test_the_list_is_bounded(opened):
    many = "".join(f"    S{n}: {{$ref: '#/no/{n}'}}\n" for n in range(300))
    found = problems(opened({"a.yaml": VALID.format(version="3.0.3") + many}))
    assert len(found) == 101
    assert found[-1] == ("", "there are more than 100 problems; the others are not listed")


def test_messages_are_printable_and_short(opened):
    name = "\\e[31m" + "x" * 900
    text = VALID.format(version="3.0.3").replace("operationId: create", "operationId: list")
    document = opened({"a.yaml": text.replace("list", f'"{name}"') + f'    "{name}": {{$ref: "#/{name}"}}\n'})
    for _, message in problems(document):
        assert message.isprintable()
        assert len(message) < 500


def test_a_part_that_fails_is_told_and_not_that_the_whole_is_unevaluated(opened):
    text = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/a: {get: {responses: {'200': {}}}}}\n"
    (found,) = problems(opened({"a.yaml": text}))
    assert found == ("/paths/~1a/get/responses/200", '"description" is a required property')


def test_full_validation_finds_more(opened):
    text = PATHS + "  /a/{id}: {get: {responses: {'200': {description: x}}}}\n"
    assert problems(opened({"a.yaml": text}), "fast") == []
    assert any("id" in message for _, message in problems(opened({"b.yaml": text}), "full"))


def test_full_validation_reads_other_files_through_the_document(opened):
    text = PATHS + "  /a: {$ref: 'deep/b.yaml'}\n  /c: {$ref: 'https://host.invalid/c.yaml'}\n"
    other = "get: {responses: {'200': {$ref: 'r.yaml#/ok'}}}\n"
    document = opened({"a.yaml": text, "deep/b.yaml": other, "deep/r.yaml": "ok: {description: x}\n"})
    messages = [message for _, message in problems(document, "full")]
    assert any("--allow-remote-refs" in message for message in messages)


def test_full_validation_of_a_revision(commit):
    from driftcheck.config import ApiConfig
    from driftcheck.difference import Side
    from driftcheck.openapi.loading import load

    commit(
        {
            "specs/a.yaml": PATHS + "  /a: {$ref: 'b.yaml'}\n",
            "specs/b.yaml": "get: {responses: {'200': {description: x}}}\n",
        }
    )
    document = load("main:specs/a.yaml", Side.EXPECTED, ApiConfig())
    assert problems(document, "full") == []


@pytest.mark.parametrize(
    "paths", ["[]", "{/a: []}", "{/a: {get: 1}}", "{/a: {get: {responses: []}}}", "x", "{1: {2: 3}}"]
)
@pytest.mark.parametrize("mode", ["fast", "full"])
def test_nonsense_is_reported_and_never_crashes(opened, paths, mode):
    document = opened({"a.yaml": f"openapi: 3.0.3\ninfo: {{title: x, version: '1'}}\npaths: {paths}\n"})
    assert problems(document, mode)


def test_the_alternative_that_was_meant_is_the_one_that_is_told():
    parameter = {"name": "x", "in": "body", "type": "string"}
    path = {"get": {"parameters": [parameter], "responses": {"200": {"description": "x"}}}}
    data = {"swagger": "2.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": path}}
    messages = [message for _, message in metaschema_errors(data, "2.0")]
    assert '"schema" is a required property' in messages
    assert not any("header" in message for message in messages)
