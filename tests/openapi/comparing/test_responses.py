"""Responses by status, their content and headers, and links."""

import pytest

from driftcheck.openapi.comparing.statuses import is_success
from tests.openapi.differ import finding, findings, operation, said

A = "content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}"
LESS = "content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}"


def having(**statuses):
    lines = "\n".join(f"  '{name.lstrip('_')}': {{{text}}}" for name, text in statuses.items())
    return operation(f"responses:\n{lines}")


class TestStatuses:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (having(_200="", _202=""), having(_200=""), ["breaking response-success-status-removed"]),
            (having(_200=""), having(_200="", _202=""), ["risky response-success-status-added"]),
            (having(_200="", _404=""), having(_200=""), ["info response-error-status-removed"]),
            (having(_200=""), having(_200="", _404=""), ["info response-error-status-added"]),
            (having(_200=""), having(_200="", default=""), ["info response-error-status-added"]),
            (having(_200="", default=""), having(_200=""), ["info response-error-status-removed"]),
            (having(_200="", default=""), having(_200="", _4XX=""), ["info response-error-status-removed"]),
            (having(_200="", _302=""), having(_200=""), ["info response-error-status-removed"]),
            (having(_302="", _404=""), having(_404=""), ["breaking response-success-status-removed"]),
            (
                having(_2XX=""),
                having(_400=""),
                ["breaking response-success-status-removed", "info response-error-status-added"],
            ),
            (having(_200=A, default=""), having(default=""), ["breaking response-success-status-removed"]),
        ],
    )
    def test_fires(self, old, new, expected):
        assert said(old, new) == [f"{line} @ GET /items" for line in expected]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (having(_200=A), having(_2XX=A)),
            (having(_2XX=A), having(_200=A)),
            (having(_2XX=A), having(_200=A, _201=A)),
            (having(_200=A, _201=A), having(_2XX=A)),
            (having(_200="", default=A), having(_200="", _4XX=A, _5XX=A)),
            (having(_200="", _4XX=A, _5XX=A), having(_200="", default=A)),
            (having(_200="", default=A), having(_200="", _404=A, default=A)),
            (having(_200="", _4XX=A), having(_200="", _404=A, _4XX=A)),
            (having(_200="", _404=A, _4XX=A), having(_200="", _4XX=A)),
            (having(default=A), having(_200=A)),
            (having(_200=A), having(default=A)),
            (having(_200=""), having(_200="description: fine")),
            (having(_2xx=A), having(_2XX=A)),
        ],
    )
    def test_silent(self, old, new):
        assert [line for line in said(old, new) if "documentation" not in line] == []

    @pytest.mark.parametrize(
        ("old", "new", "pointer"),
        [
            (having(_200=A), having(_2XX=LESS), "/responses/200/"),
            (having(_2XX=A), having(_200=LESS), "/responses/2XX/"),
            (having(_200="", default=A), having(_200="", _404=LESS, default=A), "/responses/default/"),
            (having(_200="", _4XX=A), having(_200="", _404=LESS, _4XX=A), "/responses/4XX/"),
            (having(_200="", _4XX=A, default=LESS), having(_200="", _404=LESS, _4XX=A), "/responses/4XX/"),
        ],
    )
    def test_who_takes_over_must_keep_the_promise(self, old, new, pointer):
        broken = [each for each in findings(old, new) if each.severity == "breaking"]
        assert [each.rule for each in broken] == ["response-property-became-optional"]
        assert broken[0].difference.pointer.startswith(pointer)

    def test_a_new_success_is_not_measured_by_the_error_of_default(self):
        old, new = having(_200="", default=A), having(_200="", _201=LESS, default=A)
        assert said(old, new) == ["risky response-success-status-added @ GET /items"]

    @pytest.mark.parametrize(
        ("status", "others", "expected"),
        [
            ("200", ["200", "default"], True),
            ("2XX", ["2XX"], True),
            ("302", ["200", "302"], False),
            ("302", ["302", "404"], True),
            ("default", ["default"], True),
            ("default", ["default", "404"], True),
            ("default", ["default", "200"], False),
            ("default", ["default", "302"], False),
            ("404", ["404"], False),
        ],
    )
    def test_is_success(self, status, others, expected):
        assert is_success(status, dict.fromkeys(others)) is expected

    def test_where(self):
        d = finding(having(_200="", _202=""), having(_200="")).difference
        assert (d.kind, d.pointer, d.name) == ("response", "/responses/202", "202")
        assert d.anchors[0].pointer == "/paths/~1items/get/responses/202"


class TestContent:
    JSON = "content: {application/json: {}}"
    BOTH = "content: {application/json: {}, text/csv: {}}"

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (JSON, "", "breaking response-body-removed"),
            ("", JSON, "info response-body-added"),
            (BOTH, JSON, "breaking response-body-media-type-removed"),
            (JSON, BOTH, "info response-body-media-type-added"),
        ],
    )
    def test_fires(self, old, new, expected):
        assert said(having(_200=old), having(_200=new)) == [f"{expected} @ GET /items"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (JSON, JSON.replace("application/json", "application/json; charset=utf-8")),
            ("content: {'image/*': {}}", "content: {image/png: {}}"),
            ("content: {'*/*': {}}", "content: {application/json: {}}"),
            ("content: {application/json: {}}", "content: {application/json; profile=x: {}}"),
            ("content: {}", ""),
        ],
    )
    def test_silent(self, old, new):
        assert said(having(_200=old), having(_200=new)) == []

    def test_a_type_that_became_a_range_is_no_promise_any_more(self):
        found = said(having(_200="content: {image/png: {}}"), having(_200="content: {'image/*': {}}"))
        assert "breaking response-body-media-type-removed @ GET /items" in found

    def test_a_range_still_binds_what_takes_its_place(self):
        old = having(_200=A.replace("application/json", "'application/*'"))
        assert said(old, having(_200=LESS)) == ["breaking response-property-became-optional @ GET /items"]


class TestHeaders:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("X-A: {}", "", "breaking response-header-removed"),
            ("", "X-A: {}", "info response-header-added"),
            ("X-A: {required: true}", "X-A: {}", "breaking response-header-became-optional"),
            ("X-A: {}", "X-A: {required: true}", "info response-header-became-required"),
            ("X-RateLimit: {}", "RateLimit: {}", "breaking response-header-renamed"),
            ("X-A: {}", "X-A: {deprecated: true}", "info parameter-deprecated"),
            (
                "X-A: {schema: {type: object}}",
                "X-A: {schema: {type: object}, explode: true}",
                "breaking response-header-explode-changed",
            ),
            (
                "X-A: {content: {application/json: {}}}",
                "X-A: {content: {text/csv: {}}}",
                "breaking response-header-content-changed",
            ),
        ],
    )
    def test_fires(self, old, new, expected):
        sides = [having(_200=f"headers: {{{text}}}") for text in (old, new)]
        assert said(*sides) == [f"{expected} @ GET /items"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("X-A: {}", "x-a: {required: false}"),
            ("X-A: {schema: {type: array}}", "X-A: {schema: {type: array}, explode: true}"),
            ("Content-Type: {required: true}", ""),
            ("X-A: {}, X-B: {}", "X-B: {}, X-A: {}"),
        ],
    )
    def test_silent(self, old, new):
        assert said(*(having(_200=f"headers: {{{text}}}") for text in (old, new))) == []

    def test_one_finding_for_a_shared_header(self):
        response = "{headers: {X-A: {$ref: '#/components/headers/A'}}}"
        paths = f"paths: {{/a: {{get: {{responses: {{200: {response}, 404: {response}}}}}}}}}\n"
        shared = "components: {headers: {A: {required: true}}}"
        d = finding(paths + shared, paths + shared.replace("true", "false")).difference
        assert (d.object, d.operations, d.kind) == ("A", ("GET /a",), "header")

    def test_a_header_in_a_shared_response_reaches_all_its_operations(self):
        paths = "paths: {/a: {get: {responses: {200: {$ref: '#/components/responses/R'}}}},"
        paths += " /b: {get: {responses: {200: {$ref: '#/components/responses/R'}}}}}\n"
        shared = "components: {responses: {R: {headers: {X-A: {$ref: '#/components/headers/A'}}}},"
        shared += " headers: {A: {required: true}}}"
        d = finding(paths + shared, paths + shared.replace("true", "false")).difference
        assert (d.object, d.operations) == ("A", ("GET /a", "GET /b"))


class TestShared:
    PATHS = (
        "paths: {/a: {get: {responses: {200: {$ref: '#/components/responses/R'}}}},"
        " /b: {get: {responses: {200: {$ref: '#/components/responses/R'}}}}}\n"
    )

    def test_one_finding(self):
        shared = "components: {responses: {R: {headers: {X-A: {}}}}}"
        d = finding(self.PATHS + shared, self.PATHS + "components: {responses: {R: {}}}").difference
        assert (d.object, d.operation, d.operations) == ("R", None, ("GET /a", "GET /b"))
        assert d.pointer == "/responses/200/headers/X-A"

    def test_the_schema_inside_is_one_finding(self):
        shared = f"components: {{responses: {{R: {{{A}}}}}}}"
        d = finding(self.PATHS + shared, self.PATHS + shared.replace(A, LESS)).difference
        assert d.operations == ("GET /a", "GET /b")

    def test_an_error_that_all_got_is_one_finding(self):
        new = self.PATHS.replace("'}", "'}, 404: {$ref: '#/components/responses/N'}")
        shared = "components: {responses: {R: {}, N: {}}}"
        d = finding(self.PATHS + shared, new + shared).difference
        assert (d.object, d.operations) == ("N", ("GET /a", "GET /b"))

    def test_2_0_shares_by_what_is_produced(self):
        paths = "paths: {/a: {get: {produces: [a/b], responses: {200: {$ref: '#/responses/R'}}}},"
        paths += " /b: {get: {produces: [a/c], responses: {200: {$ref: '#/responses/R'}}}}}\n"
        old = paths + "responses: {R: {schema: {type: object}}}"
        new = (paths + "responses: {R: {schema: {type: object}}}").replace("[a/c]", "[a/b]")
        assert said(old, new, version="2.0") == [
            "breaking response-body-media-type-removed @ GET /b",
            "info response-body-media-type-added @ GET /b",
        ]


class TestLinks:
    OPERATIONS = "  /b:\n    get: {operationId: %s}\n"

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("n: {operationId: x}", "", ["risky link-removed"]),
            ("", "n: {operationId: x}", ["info link-added"]),
            ("n: {operationId: x}", "n: {operationId: y}", ["risky link-changed"]),
            ("n: {operationId: x}", "n: {operationId: x, parameters: {a: b}}", ["risky link-changed"]),
            ("n: {operationId: x}", "n: {operationId: x, parameters: {}, description: d}", []),
            ("n: {$ref: '#/x-link'}", "n: {operationId: x}", []),
        ],
    )
    def test_changes(self, old, new, expected):
        sides = [having(_200=f"links: {{{text}}}") + "x-link: {operationId: x}" for text in (old, new)]
        assert said(*sides) == [f"{line} @ GET /items" for line in expected]

    def test_the_same_operation_under_another_id(self):
        old, new = (having(_200=f"links: {{n: {{operationId: {name}}}}}") for name in ("x", "y"))
        found = said(old + self.OPERATIONS % "x", new + self.OPERATIONS % "y")
        assert found == ["risky operation-id-changed @ GET /b"]

    def test_by_id_or_by_reference(self):
        old = having(_200="links: {n: {operationId: x}}") + self.OPERATIONS % "x"
        new = having(_200="links: {n: {operationRef: '#/paths/~1b/get'}}") + self.OPERATIONS % "x"
        assert said(old, new) == []
