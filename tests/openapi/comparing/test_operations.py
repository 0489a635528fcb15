"""Operations and paths: matching, removal, renames, selection."""

import pytest

from driftcheck.errors import DriftcheckError
from tests.openapi.differ import compared, finding, findings, operation, said, skipped

ITEM = "{get: {operationId: a, responses: {'200': {description: fine}}}}"


def paths(*names, value="{get: {}}"):
    return "paths:\n" + "".join(f"  {name}: {value}\n" for name in names)


class TestPresence:
    def test_removed(self):
        found = finding("paths: {/a: {get: {}, put: {}}}", "paths: {/a: {get: {}}}")
        assert (found.rule, found.severity) == ("operation-removed", "breaking")
        d = found.difference
        assert (d.kind, d.object, d.operation, d.operations) == ("operation", "PUT /a", "PUT /a", ("PUT /a",))
        assert [anchor.pointer for anchor in d.anchors] == ["/paths/~1a/put"]

    def test_added(self):
        found = finding("paths: {/a: {get: {}}}", "paths: {/a: {get: {}, put: {}}}")
        assert (found.rule, found.severity) == ("operation-added", "info")
        assert [str(anchor.side) for anchor in found.difference.anchors] == ["actual"]

    def test_a_method_is_not_renamed(self):
        old, new = "paths: {/a: {put: {}}}", "paths: {/a: {patch: {}}}"
        assert said(old, new) == ["breaking operation-removed @ PUT /a", "info operation-added @ PATCH /a"]

    @pytest.mark.parametrize(
        ("members", "rule", "severity"),
        [
            ("deprecated: true, x-sunset: '2030-06-14'", "operation-removed-after-sunset", "info"),
            ("deprecated: true, x-sunset: '2030-06-15'", "operation-removed-after-sunset", "info"),
            ("deprecated: true, x-sunset: '2030-06-16'", "operation-removed-before-sunset", "breaking"),
            ("deprecated: true, x-sunset: '2030-06-14T10:00:00Z'", "operation-removed-after-sunset", "info"),
            ("deprecated: true", "operation-removed-while-deprecated", "risky"),
            ("deprecated: false, x-sunset: '2020-01-01'", "operation-removed", "breaking"),
            ("x-stability-level: alpha", "operation-removed", "info"),
            ("x-stability-level: beta", "operation-removed", "breaking"),
        ],
    )
    def test_removal_as_it_was_announced(self, members, rule, severity):
        found = finding(f"paths: {{/a: {{get: {{}}, put: {{{members}}}}}}}", "paths: {/a: {get: {}}}")
        assert (found.rule, found.severity) == (rule, severity)

    def test_an_unreadable_sunset_is_told(self):
        old, new = "paths: {/a: {get: {deprecated: true, x-sunset: soon}}}", "paths: {}"
        assert said(old, new) == ["risky operation-removed-while-deprecated @ GET /a"]
        assert "'soon' is not a date" in skipped(old, new)[0].why


class TestMatching:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (paths("/a", "/b"), paths("/b", "/a")),
            (paths("/a/{x}", "/a/{y}"), paths("/a/{y}", "/a/{x}")),
            ("paths: {/a: {get: {}}, x-internal: {b: 1}}", "paths: {/a: {get: {}}}"),
            ("paths: {/a: {get: {}}}", "paths: {/a: {summary: s, description: d, get: {}}}"),
        ],
    )
    def test_silent(self, old, new):
        assert said(old, new) == []

    def test_a_path_item_behind_a_reference(self):
        old = paths("/a", value=ITEM)
        new = f"paths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\ncomponents: {{pathItems: {{A: {ITEM}}}}}"
        assert said(old, new) == []
        assert said(new, old) == []

    def test_members_beside_the_reference_of_a_path_item(self):
        shared = "components: {pathItems: {A: {get: {}}}}"
        old = f"paths: {{/a: {{$ref: '#/components/pathItems/A', put: {{}}}}}}\n{shared}"
        assert said(old, old.replace("put", "post")) == [
            "breaking operation-removed @ PUT /a",
            "info operation-added @ POST /a",
        ]

    def test_an_operation_behind_a_reference(self):
        old = "paths: {/a: {get: {tags: [x]}}}"
        assert said(old, "paths: {/a: {get: {$ref: '#/x-op'}}}\nx-op: {tags: [x]}") == []
        assert said(old, "paths: {/a: {get: {$ref: '#/x-op'}}}\nx-op: {tags: [y]}") != []

    def test_the_template_is_written_as_in_the_old_description(self):
        found = findings("paths: {'/a/{id}': {get: {tags: [x]}}}", "paths: {'/a/{key}': {get: {tags: [y]}}}")
        assert {each.difference.object for each in found} == {"GET /a/{id}"}

    def test_additional_operations_of_3_2(self):
        old = "paths: {/a: {query: {}, additionalOperations: {COPY: {}, MOVE: {}}}}"
        new = "paths: {/a: {additionalOperations: {COPY: {}}}}"
        lost = ["breaking operation-removed @ MOVE /a", "breaking operation-removed @ QUERY /a"]
        assert said(old, new, version="3.2") == lost
        assert said(old, new, version="3.1") == []


class TestRenamedPaths:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("/items/", "/items"),
            ("/Items", "/items"),
            ("/userProfiles", "/user-profiles"),
            ("/user", "/users"),
            ("/v1/items", "/v2/items"),
            ("/items", "/api/items"),
            ("/api/v1/items", "/items"),
            ("/orgs/{o}/teams", "/organizations/{o}/teams"),
            ("/customers/{id}/addr", "/customers/{id}/address"),
        ],
    )
    def test_near_paths(self, old, new):
        found = finding(f"paths: {{'{old}': {{get: {{}}}}}}", f"paths: {{'{new}': {{get: {{}}}}}}")
        assert (found.rule, found.severity) == ("path-renamed", "breaking")
        rename = found.difference.rename
        assert (rename.old, rename.new) == (old, new)
        assert found.difference.kind == "path"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("/items", "/items/{id}"),
            ("/items/{id}", "/items"),
            ("/items", "/items/search"),
            ("/users", "/orders"),
            ("/a/{x}/b", "/a/b"),
            ("/items/{id}/lock", "/items/{id}/unlock"),
            ("/orders/first", "/orders/last"),
        ],
    )
    def test_unlike_paths(self, old, new):
        found = said(f"paths: {{'{old}': {{get: {{}}}}}}", f"paths: {{'{new}': {{get: {{}}}}}}")
        assert found == [f"breaking operation-removed @ GET {old}", f"info operation-added @ GET {new}"]

    def test_all_methods_together(self):
        old, new = paths("/item", value="{get: {}, put: {}}"), paths("/items", value="{get: {}, put: {}}")
        found = finding(old, new)
        assert (found.rule, found.difference.object) == ("path-renamed", "/item")
        assert found.difference.operations == ("GET /item", "PUT /item")
        assert found.message.startswith("GET, PUT of the path /item")

    def test_a_method_that_did_not_move_is_removed(self):
        old, new = paths("/item", value="{get: {}, put: {}}"), paths("/items", value="{get: {}}")
        assert said(old, new) == [
            "breaking operation-removed @ PUT /item",
            "breaking path-renamed @ GET /item",
        ]

    def test_the_same_operation_id_is_strong_evidence(self):
        old, new = paths("/a", value="{get: {operationId: x}}"), paths("/b", value="{get: {operationId: x}}")
        assert finding(old, new).rule == "path-renamed"

    def test_a_path_that_is_still_there_was_not_renamed(self):
        assert said(paths("/item"), paths("/item", "/items")) == ["info operation-added @ GET /items"]

    def test_unlike_content_is_no_rename(self):
        body = "{requestBody: {required: true, content: {text/csv: {schema: {type: string}}}}}"
        answer = "{responses: {'200': {content: {application/json: {schema: {type: object}}}}}}"
        found = said(f"paths: {{/item: {{get: {answer}}}}}", f"paths: {{/items: {{post: {body}}}}}")
        assert found == ["breaking operation-removed @ GET /item", "info operation-added @ POST /items"]

    def test_a_renamed_path_is_compared_with_what_it_became(self):
        old = "paths: {/item: {get: {parameters: [{name: q, in: query}]}, put: {}}}"
        new = "paths: {/items: {get: {}, put: {}}}"
        assert said(old, new) == [
            "breaking path-renamed @ /item",
            "risky request-parameter-removed @ GET /item",
        ]

    def test_the_nearest_of_several(self):
        found = findings(paths("/user-profile"), paths("/user_profile", "/user-profile-pictures"))
        assert [each.difference.rename.new for each in found if each.difference.rename] == ["/user_profile"]


class TestSelection:
    OLD, NEW = paths("/a/x", "/b/x", value="{get: {}, post: {}}"), "paths: {}"

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"only": ("GET /a/*",)}, {"GET /a/x"}),
            ({"only": ("POST *", "GET /b/x")}, {"POST /a/x", "POST /b/x", "GET /b/x"}),
            ({"match_path": "^/b"}, {"GET /b/x", "POST /b/x"}),
            ({"method": ("get",)}, {"GET /a/x", "GET /b/x"}),
            ({"method": ("GET",), "match_path": "a"}, {"GET /a/x"}),
            ({"only": ("DELETE *",)}, set()),
        ],
    )
    def test_only_what_is_selected(self, settings, expected):
        assert {each.difference.object for each in findings(self.OLD, self.NEW, **settings)} == expected

    def test_a_broken_expression_is_the_users_matter(self):
        with pytest.raises(DriftcheckError, match="regular expression"):
            compared(self.OLD, self.NEW, match_path="(")

    def test_what_belongs_to_no_operation_is_left_out(self):
        old, new = "info: {title: a}", "info: {title: b}"
        assert said(old, new) == ["info info-changed @ info"]
        assert said(old, new, only=("GET *",)) == []


class TestPrefixes:
    def test_taken_off_before_matching(self):
        old, new = paths("/api/v1/a"), paths("/v2/a")
        assert said(old, new, strip_prefix_old="/api/v1", strip_prefix_new="/v2/") == []

    def test_only_whole_segments(self):
        found = said(paths("/apis/a"), paths("/s/a"), strip_prefix_old="/api")
        assert "breaking operation-removed @ GET /apis/a" in found

    def test_the_path_itself(self):
        assert said(paths("/api"), paths("/"), strip_prefix_old="/api") == []

    def test_names_are_kept_in_findings(self):
        found = finding(paths("/api/a", "/api/b"), paths("/a"), strip_prefix_old="/api")
        assert found.difference.object == "GET /api/b"


class TestIdentifiers:
    def test_operation_id(self):
        old, new = operation("operationId: a"), operation("operationId: b")
        found = finding(old, new)
        assert (found.rule, found.severity, found.category) == ("operation-id-changed", "risky", "clients")
        assert (found.difference.expected, found.difference.actual) == ("a", "b")
        assert finding(old, new, protect="clients").severity == "breaking"
        assert said(operation(), old) == ["info operation-id-added @ GET /items"]

    def test_the_name_of_a_path_parameter(self):
        old = "paths: {'/a/{id}/b/{x}': {get: {}, put: {}}}"
        found = finding(old, old.replace("{x}", "{y}"))
        assert (found.rule, found.severity) == ("path-parameter-renamed", "risky")
        assert found.difference.operations == ("GET /a/{id}/b/{x}", "PUT /a/{id}/b/{x}")
        assert found.difference.rename.new == "y"

    def test_path_parameters_belong_together_by_position(self):
        old = "paths: {'/a/{id}': {get: {parameters: [{name: id, in: path, schema: {type: string}}]}}}"
        new = (
            old.replace("id}", "key}")
            .replace("name: id", "name: key")
            .replace("type: string", "maxLength: 3")
        )
        found = said(old, new)
        assert "risky path-parameter-renamed @ GET /a/{id}" in found
        assert any(line.startswith("breaking request-parameter-max-length") for line in found)

    def test_one_tag_renamed_everywhere_is_one_finding(self):
        old = "paths: {/a: {get: {tags: [x]}, put: {tags: [x, z]}}, /b: {get: {tags: [y]}}}"
        found = finding(old, old.replace("[x", "[w"))
        assert (found.rule, found.difference.object) == ("operation-tags-changed", "tag x")
        assert found.difference.operations == ("GET /a", "PUT /a")

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("[a]", "[b]", "risky operation-tags-changed @ GET /items"),
            ("[a]", "[]", "risky operation-tags-changed @ GET /items"),
            ("[]", "[a]", "risky operation-tags-changed @ GET /items"),
            ("[a]", "[a, b]", "info operation-tag-added @ GET /items"),
        ],
    )
    def test_tags(self, old, new, expected):
        assert said(operation(f"tags: {old}"), operation(f"tags: {new}")) == [expected]

    def test_the_order_of_tags(self):
        assert said(operation("tags: [a, b]"), operation("tags: [b, a]")) == []


class TestLifecycle:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("", "deprecated: true", ["info operation-deprecated"]),
            ("deprecated: true", "", ["info operation-deprecation-withdrawn"]),
            (
                "deprecated: true\nx-sunset: '2031-01-01'",
                "deprecated: true\nx-sunset: '2030-12-31'",
                ["breaking operation-sunset-shortened"],
            ),
            (
                "deprecated: true\nx-sunset: '2031-01-01'",
                "deprecated: true",
                ["breaking operation-sunset-shortened"],
            ),
            (
                "deprecated: true\nx-sunset: '2031-01-01'",
                "deprecated: true\nx-sunset: '2032-01-01'",
                ["info operation-sunset-extended"],
            ),
            (
                "deprecated: true\nx-sunset: '2031-01-01'",
                "",
                ["info operation-deprecation-withdrawn", "info operation-sunset-extended"],
            ),
            (
                "x-stability-level: stable",
                "x-stability-level: beta",
                ["breaking operation-stability-lowered"],
            ),
            ("", "x-stability-level: draft", ["breaking operation-stability-lowered"]),
            ("x-stability-level: draft", "x-stability-level: beta", ["info operation-stability-raised"]),
            ("x-stability-level: alpha", "x-stability-level: draft", ["info operation-stability-lowered"]),
        ],
    )
    def test_changes(self, old, new, expected):
        assert said(operation(old), operation(new)) == [f"{line} @ GET /items" for line in expected]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", "deprecated: false"),
            ("", "x-stability-level: stable"),
            ("x-sunset: '2031-01-01'", "x-sunset: '2031-01-01T00:00:00Z'"),
        ],
    )
    def test_silent(self, old, new):
        assert said(operation(old), operation(new)) == []

    def test_an_unknown_level_is_told(self):
        old, new = operation("x-stability-level: wobbly"), operation()
        assert said(old, new) == []
        assert "'wobbly'" in skipped(old, new)[0].why

    def test_nothing_about_an_alpha_operation_is_worse_than_info(self):
        old = operation("x-stability-level: alpha")
        new = operation("x-stability-level: alpha\nparameters: [{name: q, in: query, required: true}]")
        assert said(old, new) == ["info request-required-parameter-added @ GET /items"]


class TestSelectedRenames:
    @pytest.mark.parametrize("only", ["GET /item", "GET /items"])
    def test_either_name_selects_a_renamed_path(self, only):
        found = said(paths("/item"), paths("/items"), only=(only,))
        assert found == ["breaking path-renamed @ GET /item"]

    def test_a_renamed_path_that_is_not_selected(self):
        assert said(paths("/item"), paths("/items"), only=("GET /other",)) == []
