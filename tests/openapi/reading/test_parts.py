"""What is read of operations, fields, bodies, security and servers, with unwritten defaults."""

import pytest

from driftcheck.openapi.model import template_of
from driftcheck.openapi.reading.bodies import body
from driftcheck.openapi.reading.fields import parameters
from driftcheck.openapi.reading.lifecycle import cap_of, stability, sunset
from driftcheck.openapi.reading.operations import callback_operations, path_operations, webhook_operations
from driftcheck.openapi.reading.responses import response_content, responses
from driftcheck.openapi.reading.security import effective, own_requirements, schemes
from driftcheck.openapi.reading.servers import default_servers, servers
from driftcheck.openapi.reading.source import Source
from tests.openapi.differ import document


def read(value, version="3.1"):
    source = Source(document(value, version=version))
    return source, list(path_operations(source))


def only(members, version="3.1", path="/a", more=""):
    source, operations = read(f"paths: {{'{path}': {{get: {{{members}}}}}}}\n{more}", version)
    return source, operations[0]


class TestOperations:
    def test_labels_and_templates(self):
        _, found = read("paths: {'/a/{id}': {get: {}, put: {}}}")
        assert [(each.label, each.template, each.names) for each in found] == [
            ("GET /a/{id}", "/a/{}", ("id",)),
            ("PUT /a/{id}", "/a/{}", ("id",)),
        ]

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/a", ("/a", ())),
            ("/a/{x}.{y}", ("/a/{}.{}", ("x", "y"))),
            ("/{}", ("/{}", ("",))),
            ("/a/{x", ("/a/{x", ())),
        ],
    )
    def test_template_of(self, path, expected):
        assert template_of(path) == expected

    @pytest.mark.parametrize(("version", "methods"), [("3.1", ["GET"]), ("3.2", ["GET", "QUERY", "COPY"])])
    def test_methods_of_3_2(self, version, methods):
        _, found = read("paths: {/a: {get: {}, query: {}, additionalOperations: {COPY: {}}}}", version)
        assert [each.method for each in found] == methods

    def test_webhooks_and_callbacks_are_turned_round(self):
        source = Source(document("webhooks: {made: {post: {callbacks: {c: {'{$url}': {put: {}}}}}}}"))
        hook = next(webhook_operations(source))
        assert (hook.label, hook.turned) == ("WEBHOOK POST made", True)
        [(name, inner)] = callback_operations(source, hook)
        assert (name, inner.label, inner.turned) == ("c", "WEBHOOK POST made callback c PUT {$url}", True)


class TestFields:
    @pytest.mark.parametrize(
        ("written", "style", "explode"),
        [
            ("name: p, in: query", "form", True),
            ("name: p, in: cookie", "form", True),
            ("name: p, in: path", "simple", False),
            ("name: p, in: header", "simple", False),
            ("name: p, in: query, style: deepObject", "deepObject", False),
            ("name: p, in: query, style: pipeDelimited", "pipeDelimited", False),
            ("name: p, in: query, explode: false", "form", False),
            ("name: p, in: query, explode: maybe", "form", True),
        ],
    )
    def test_defaults(self, written, style, explode):
        source, operation = only(f"parameters: [{{{written}}}]")
        [field] = parameters(source, operation)
        assert (field.style, field.explode) == (style, explode)
        assert field.required is (field.place == "path")

    @pytest.mark.parametrize(
        ("written", "style", "explode"),
        [
            ("in: query", "form", False),
            ("in: query, collectionFormat: multi", "form", True),
            ("in: query, collectionFormat: ssv", "spaceDelimited", False),
            ("in: query, collectionFormat: tsv", "tabDelimited", False),
            ("in: path, collectionFormat: pipes", "pipeDelimited", False),
            ("in: header", "simple", False),
        ],
    )
    def test_defaults_of_2_0(self, written, style, explode):
        source, operation = only(f"parameters: [{{name: p, type: array, {written}}}]", "2.0")
        [field] = parameters(source, operation)
        assert (field.style, field.explode) == (style, explode)

    def test_the_schema_of_2_0_is_the_parameter_without_the_rest(self):
        source, operation = only(
            "parameters: [{name: p, in: query, required: true, type: string, maxLength: 3}]", "2.0"
        )
        [field] = parameters(source, operation)
        assert field.schema.value == {"type": "string", "maxLength": 3}
        assert field.schema.pointer == "/paths/~1a/get/parameters/0"


class TestBodies:
    def test_a_2_0_form(self):
        fields = "{name: f, in: formData, type: file, required: true}, {name: g, in: formData, type: integer}"
        source, operation = only(f"parameters: [{fields}]", "2.0")
        found = body(source, operation)
        [media] = found.content.media
        assert (media.key, found.required, found.implied) == ("multipart/form-data", True, True)
        assert media.schema.value == {
            "type": "object",
            "properties": {"f": {"type": "string", "format": "binary"}, "g": {"type": "integer"}},
            "required": ["f"],
        }

    @pytest.mark.parametrize(
        ("operation_types", "document_types", "expected"),
        [
            ("[a/b]", "[c/d]", (["a/b"], False)),
            (None, "[c/d]", (["c/d"], False)),
            ("[]", "[c/d]", (["application/json"], True)),  # an empty list takes back the document's
            (None, "[]", (["application/json"], True)),
        ],
    )
    def test_where_2_0_says_what_it_consumes(self, operation_types, document_types, expected):
        own = "" if operation_types is None else f"consumes: {operation_types}, "
        members = f"{own}parameters: [{{name: b, in: body, schema: {{}}}}]"
        source, operation = only(members, "2.0", more=f"consumes: {document_types}")
        content = body(source, operation).content
        assert ([media.key for media in content.media], content.unspecified) == expected

    def test_no_body(self):
        assert body(*only("")) is None
        assert body(*only("", "2.0")) is None

    def test_responses(self):
        source, operation = only(
            "responses: {200: {content: {a/b: {}}}, 4xx: {}, default: {}, x-y: {}, fine: {}}"
        )
        found = responses(source, operation)
        assert list(found) == ["200", "4XX", "default"]
        assert [media.key for media in response_content(source, found["200"]).media] == ["a/b"]
        assert len(source.skipped) == 1


class TestLifecycle:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("'2030-01-31'", "2030-01-31"),
            ("'2030-01-31T10:00:00Z'", "2030-01-31"),
            ("soon", "None"),
            ("3", "None"),
        ],
    )
    def test_sunset(self, written, expected):
        source, operation = only(f"x-sunset: {written}")
        assert str(sunset(source, operation.node)) == expected

    @pytest.mark.parametrize(
        ("written", "level", "cap"),
        [
            ("draft", "draft", "info"),
            ("alpha", "alpha", "info"),
            ("beta", "beta", None),
            ("wobbly", "stable", None),
        ],
    )
    def test_stability(self, written, level, cap):
        source, operation = only(f"x-stability-level: {written}")
        assert (stability(source, operation.node), cap_of(source, operation.node)) == (level, cap)


class TestSecurity:
    def test_identity_does_not_heed_names_and_order(self):
        text = "components: {securitySchemes: {a: {type: apiKey, in: header, name: X-K},"
        text += " b: {name: x-k, in: header, type: apiKey}, c: {type: apiKey, in: query, name: X-K},"
        text += " d: {type: apiKey, in: query, name: x-k}}}"
        found = schemes(Source(document(text)))
        assert found["a"].identity == found["b"].identity
        assert len({repr(each.identity) for each in found.values()}) == 3

    @pytest.mark.parametrize(
        ("own", "inherited", "expected"),
        [
            (None, (), ({},)),
            (None, ({"k": frozenset()},), ({"k": frozenset()},)),
            ("[]", ({"k": frozenset()},), ({},)),
            ("[{o: [b, a]}]", (), ({"o": frozenset("ab")},)),
            ("[3, {}]", (), ({},)),
            ("{}", ({"k": frozenset()},), ({"k": frozenset()},)),
        ],
    )
    def test_effective(self, own, inherited, expected):
        source, operation = only("" if own is None else f"security: {own}")
        assert effective(source, operation, inherited) == expected

    def test_own_requirements_are_told_from_none(self):
        source, operation = only("security: []")
        assert own_requirements(source, operation.node) == ()
        assert own_requirements(source, source.root) is None


class TestServers:
    def urls(self, text, version="3.1"):
        source = Source(document(text, version=version))
        return [server.urls for server in servers(source, source.root) or default_servers()]

    @pytest.mark.parametrize(
        ("text", "version", "expected"),
        [
            ("{}", "3.1", [("",)]),
            ("servers: [{url: 'https://A.example/'}]", "3.1", [("https://a.example",)]),
            (
                "servers: [{url: 'https://{r}.x/{v}', variables: {r: {enum: [a, b], default: a}}}]",
                "3.1",
                [("https://a.x/{}", "https://b.x/{}")],
            ),
            ("host: h\nbasePath: /v1\nschemes: [https, http]", "2.0", [("https://h/v1",), ("http://h/v1",)]),
            ("host: h", "2.0", [("//h",)]),
            ("basePath: /v1", "2.0", [("/v1",)]),
            ("servers: [{}, {url: /x}]", "3.1", [("/x",)]),
        ],
    )
    def test_urls(self, text, version, expected):
        assert self.urls(text, version) == expected

    def test_many_values_are_cut_off(self):
        names = [f"v{index}" for index in range(8)]
        variables = ", ".join(f"{name}: {{enum: [a, b, c], default: a}}" for name in names)
        url = "/".join(f"{{{name}}}" for name in names)
        assert len(self.urls(f"servers: [{{url: '/{url}', variables: {{{variables}}}}}]")[0]) == 200
