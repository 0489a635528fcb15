"""What is said once for a whole document: info, tags, components, extensions, documentation; and versions."""

import pytest

from driftcheck import check_api
from tests.openapi.differ import compared, finding, findings, operation, said, skipped

PET = "{type: object, properties: {id: {type: integer}, name: {type: string}}}"


def schemas(more="", **named):
    inside = ", ".join(f"{name}: {schema}" for name, schema in named.items())
    return more + f"components: {{schemas: {{{inside}}}}}\n"


def using(name):
    content = f"{{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}"
    return operation(f"responses: {{'200': {{content: {content}}}}}")


class TestComponents:
    def test_renamed(self):
        found = finding(schemas(using("Pet"), Pet=PET), schemas(using("Animal"), Animal=PET))
        assert (found.rule, found.severity, found.category) == ("component-renamed", "info", "clients")
        assert (found.difference.rename.old, found.difference.rename.new) == ("Pet", "Animal")

    def test_shown_without_changelog_too(self):
        old, new = schemas(using("Pet"), Pet=PET), schemas(using("Animal"), Animal=PET)
        assert [each.rule for each in findings(old, new, changelog=False)] == ["component-renamed"]

    def test_breaking_for_protected_clients(self):
        old, new = schemas(using("Pet"), Pet=PET), schemas(using("Animal"), Animal=PET)
        assert finding(old, new, protect="clients").severity == "breaking"

    def test_small_ones_by_where_they_are_used(self):
        old, new = schemas(using("A"), A="{type: string}"), schemas(using("B"), B="{type: string}")
        assert finding(old, new).rule == "component-renamed"

    def test_small_ones_that_nothing_uses_are_not_paired(self):
        old, new = schemas(Colour="{type: string}"), schemas(Weight="{type: string}")
        assert said(old, new) == ["info component-removed @ Colour"]

    def test_by_related_names(self):
        old, new = schemas(PetDto="{type: string}"), schemas(pet_dto="{type: string}")
        assert finding(old, new).rule == "component-renamed"

    def test_several_that_refer_to_each_other(self):
        a = "{type: object, properties: {b: {$ref: '#/components/schemas/%s'}, n: {type: string}}}"
        b = "{type: object, properties: {a: {$ref: '#/components/schemas/%s'}, m: {type: integer}}}"
        old = schemas(using("A"), A=a % "B", B=b % "A")
        new = schemas(using("X"), X=a % "Y", Y=b % "X")
        renames = {each.difference.rename.old: each.difference.rename.new for each in findings(old, new)}
        assert renames == {"A": "X", "B": "Y"}

    def test_removed(self):
        assert said(schemas(Pet=PET), schemas()) == ["info component-removed @ Pet"]

    def test_added_is_no_news(self):
        assert said(schemas(), schemas(Pet=PET)) == []

    def test_definitions_are_the_schemas_of_2_0(self):
        old = f"definitions: {{Pet: {PET}, Old: {PET}}}"
        assert said(old, schemas(Pet=PET, Old=PET), version="2.0", new_version="3.0") == []
        found = said(f"definitions: {{Pet: {PET}}}", schemas(Animal=PET), version="2.0", new_version="3.0")
        assert found == ["info component-renamed @ Pet"]


class TestDocumentation:
    @pytest.mark.parametrize(
        ("old", "new", "rules"),
        [
            ("info: {title: a}", "info: {title: b}", ["info-changed"]),
            ("info: {title: a, version: '1'}", "info: {title: a, version: '2'}", []),
            ("info: {title: a}", "info: {title: a, license: {name: MIT}}", ["info-changed"]),
            ("tags: [{name: a}]", "tags: [{name: a, description: d}]", ["tag-description-changed"]),
            ("tags: [{name: a}]", "tags: [{name: b}]", []),
            (operation(), operation("description: d"), ["documentation-description-changed"]),
            (operation("summary: a"), operation("summary: b"), ["documentation-summary-changed"]),
            (operation(), operation("externalDocs: {url: u}"), ["documentation-link-changed"]),
            (operation("x-owner: a"), operation("x-owner: b"), ["operation-extension-changed"]),
            (operation("x-owner: a"), operation(), ["operation-extension-changed"]),
        ],
    )
    def test_changes(self, old, new, rules):
        found = findings(old, new)
        assert [each.rule for each in found] == rules
        assert {each.severity for each in found} <= {"info"}
        assert findings(old, new, changelog=False) == ()

    def test_risky_for_protected_docs(self):
        assert finding(operation(), operation("summary: s"), protect="docs").severity == "risky"

    def test_a_media_type_example(self):
        old, new = (
            operation(f"responses: {{'200': {{content: {{a/b: {{{text}}}}}}}}}")
            for text in ("", "example: 1")
        )
        found = finding(old, new)
        assert (found.rule, found.difference.kind) == ("documentation-example-changed", "media_type")


SHAPES = ["null", "[]", "{}", "0", "text", "[null]", "[[]]", "{a: null}", "true"]


class TestBrokenParts:
    @pytest.mark.parametrize("shape", SHAPES)
    @pytest.mark.parametrize(
        "place",
        [
            "paths: %s",
            "webhooks: %s",
            "components: %s",
            "components: {schemas: %s, securitySchemes: %s}",
            "servers: %s",
            "servers: [{url: %s, variables: %s}]",
            "security: %s",
            "security: [{a: %s}]",
            "tags: %s",
            "info: %s",
            "paths: {/a: %s}",
            "paths: {/a: {parameters: %s, servers: %s, get: {}}}",
            "paths: {/a: {get: %s}}",
            "paths: {/a: {get: {parameters: %s, requestBody: %s, responses: %s, security: %s}}}",
            "paths: {/a: {get: {tags: %s, deprecated: %s, operationId: %s, callbacks: %s}}}",
            "paths: {/a: {get: {x-sunset: %s, x-stability-level: %s, servers: %s}}}",
            "paths: {/a: {get: {parameters: [%s, {name: %s, in: query}, {name: q, in: %s, schema: %s}]}}}",
            "paths: {/a: {get: {parameters: [{name: q, in: query, style: %s, explode: %s, content: %s}]}}}",
            "paths: {/a: {get: {requestBody: {required: %s, content: {a/b: %s}}}}}",
            "paths: {/a: {get: {requestBody: {content: {a/b: {schema: %s, encoding: {f: %s}}}}}}}",
            "paths: {/a: {get: {responses: {'200': %s, x: {}, 99: %s}}}}",
            "paths: {/a: {get: {responses: {'200': {headers: %s, content: %s, links: %s}}}}}",
            "paths: {/a: {get: {responses: {'200': {headers: {X-A: %s}, links: {l: %s}}}}}}",
            "paths: {/a: {get: {callbacks: {c: %s, d: {e: %s}}}}}",
            "components: {securitySchemes: {s: %s, t: {type: %s}, u: {type: oauth2, flows: %s}}}",
        ],
    )
    def test_never_stop_the_comparison(self, place, shape):
        broken = place.replace("%s", shape)
        whole = "paths: {/a: {get: {tags: [x]}, put: {}}}\nservers: [{url: /x}]\nsecurity: [{s: []}]"
        for old, new in ((broken, whole), (whole, broken), (broken, broken)):
            for version in ("2.0", "3.1", "3.2"):
                compared(old, new, version=version)

    @pytest.mark.parametrize(
        ("broken", "where", "why"),
        [
            ("paths: []", "#/paths", "expected an object, found an array"),
            ("paths: {/a: {get: 3}}", "#/paths/~1a/get", "expected an object, found a number"),
            ("paths: {/a: {get: {parameters: {}}}}", "/parameters", "expected an array, found an object"),
            ("paths: {/a: {get: {parameters: [{in: query}]}}}", "/parameters/0", "needs a name"),
            ("paths: {/a: {get: {responses: {fine: {}}}}}", "/responses/fine", "no status code"),
            ("paths: {/a: {get: {requestBody: null}}}", "/requestBody", "found null"),
            ("paths: {a: {get: {}}}", "#/paths/a", "begin with a slash"),
            ("paths: {/a: {$ref: '#/nowhere'}}", "#/paths/~1a", "cannot be followed"),
            (
                "paths: {/a: {get: {parameters: [{$ref: 'x.yaml#/a'}]}}}",
                "/parameters/0",
                "cannot be followed",
            ),
            ("servers: [{description: d}]", "/servers/0", "needs a url"),
        ],
    )
    def test_are_told(self, broken, where, why):
        told = skipped(broken, "paths: {/a: {get: {summary: s}}}")
        assert any(where in item.what and why in item.why for item in told), told

    def test_the_rest_goes_on(self):
        old = "paths: {/a: {get: {parameters: [null, {name: q, in: query}], responses: 3}}}"
        assert said(old, "paths: {/a: {get: {}}}") == ["risky request-parameter-removed @ GET /a"]

    def test_numbers_as_names(self):
        head = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
        old = {**head, "paths": {"/a": {"get": {"responses": {200: {}, 404: {}}}}}}
        new = {**head, "paths": {"/a": {"get": {"responses": {"200": {}}}}}}
        report = check_api(old, new, config={"changelog": True, "api": {"validate": "off"}})
        assert [each.rule for each in report.findings] == ["response-error-status-removed"]


class TestItself:
    TEXT = """
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {tags: [t], operationId: g, responses: {'200': {$ref: '#/components/responses/R'}}}
    put: {requestBody: {content: {a/b: {}}}, security: [{s: []}], callbacks: {c: {'{$url}': {post: {}}}}}
components:
  responses: {R: {description: d, headers: {X: {schema: {type: string}}}, links: {l: {operationId: g}}}}
  securitySchemes: {s: {type: http, scheme: basic}}
webhooks: {w: {post: {}}}
"""

    @pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
    def test_a_document_against_itself(self, version):
        assert compared(self.TEXT, self.TEXT, version=version)[:2] == ([], [])

    @pytest.mark.parametrize(("old", "new"), [("3.0", "3.1"), ("3.1", "3.0"), ("3.1", "3.2")])
    def test_against_itself_in_another_version(self, old, new):
        assert compared(self.TEXT, self.TEXT, version=old, new_version=new)[:2] == ([], [])

    def test_the_order_of_findings_does_not_depend_on_the_run(self):
        new = self.TEXT.replace("g,", "h,").replace("tags: [t]", "tags: [u]")
        runs = [[each.fingerprint for each in findings(self.TEXT, new)] for _ in range(2)]
        assert runs[0] == runs[1]
        assert len(set(runs[0])) == len(runs[0]) == 2
