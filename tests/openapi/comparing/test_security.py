"""Security requirements and schemes."""

import pytest

from tests.openapi.differ import finding, findings, operation, said

SCHEMES = """\
components:
  securitySchemes:
    key: {type: apiKey, name: X-Key, in: header}
    token: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t', scopes: {r: x, w: x, a: x}}}}
"""


def asking(security, schemes=SCHEMES):
    return operation("" if security is None else f"security: {security}", more=schemes)


KEY, TOKEN = "{key: []}", "{token: []}"


class TestRequirements:
    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (None, f"[{KEY}]", "breaking security-requirement-added"),
            (f"[{{}}, {KEY}]", f"[{KEY}]", "breaking security-requirement-added"),
            (None, f"[{KEY}, {TOKEN}]", "breaking security-requirement-added"),
            (f"[{KEY}]", None, "info security-requirement-removed"),
            (f"[{KEY}]", f"[{{}}, {KEY}]", "info security-requirement-removed"),
            (f"[{KEY}, {TOKEN}]", f"[{KEY}]", "breaking security-alternative-removed"),
            (f"[{KEY}]", f"[{KEY}, {TOKEN}]", "info security-alternative-added"),
            (f"[{KEY}]", "[{key: [], token: []}]", "breaking security-requirement-tightened"),
            ("[{key: [], token: []}]", f"[{KEY}]", "info security-alternative-added"),
            ("[{oauth: [r]}]", "[{oauth: [r, w]}]", "breaking security-scope-added"),
            ("[{oauth: [r]}]", "[{oauth: [a]}]", "breaking security-scope-added"),
            ("[{oauth: [r, w]}]", "[{oauth: [r]}]", "info security-scope-no-longer-needed"),
            ("[{oauth: [r]}, {oauth: [w]}]", "[{oauth: [w]}]", "breaking security-alternative-removed"),
        ],
    )
    def test_fires(self, old, new, rule):
        assert said(asking(old), asking(new)) == [f"{rule} @ GET /items"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (None, "[]"),
            ("[]", "[{}]"),
            (f"[{KEY}, {TOKEN}]", f"[{TOKEN}, {KEY}]"),
            ("[{oauth: [r, w]}]", "[{oauth: [w, r]}]"),
            (f"[{KEY}, {{key: [], token: []}}]", f"[{KEY}]"),
            (f"[{KEY}]", f"[{KEY}, {{key: [], token: []}}]"),
            ("[{oauth: [r]}]", "[{oauth: [r]}, {oauth: [r, w]}]"),
            (f"[{{}}, {KEY}]", f"[{{}}, {KEY}, {TOKEN}]"),
        ],
    )
    def test_silent(self, old, new):
        assert [line for line in said(asking(old), asking(new)) if "alternative-added" not in line] == []

    def test_replaced(self):
        assert said(asking(f"[{KEY}]"), asking(f"[{TOKEN}]")) == [
            "breaking security-alternative-removed @ GET /items",
            "info security-alternative-added @ GET /items",
        ]

    def test_the_values_are_the_requirements(self):
        d = finding(asking(f"[{KEY}]"), asking(f"[{KEY}, {{oauth: [w, r]}}]")).difference
        assert (d.expected, d.actual) == ([{"key": []}], [{"key": []}, {"oauth": ["r", "w"]}])


class TestGlobal:
    PATHS = "paths: {/a: {get: {}}, /b: {get: {}}, /c: {get: {security: [{key: []}]}}}\n"

    def test_one_finding_for_all_that_inherit_it(self):
        found = finding(self.PATHS + SCHEMES, self.PATHS + SCHEMES + "security: [{key: []}]")
        d = found.difference
        assert (found.rule, d.object, d.operation) == ("security-requirement-added", "security", None)
        assert d.operations == ("GET /a", "GET /b")

    def test_moved_between_document_and_operation(self):
        low = f"paths: {{/a: {{get: {{security: [{KEY}]}}}}}}\n{SCHEMES}"
        high = f"paths: {{/a: {{get: {{}}}}}}\nsecurity: [{KEY}]\n{SCHEMES}"
        assert said(low, high) == []
        assert said(high, low) == []

    def test_an_operation_that_opts_out(self):
        old = f"paths: {{/a: {{get: {{}}}}}}\nsecurity: [{KEY}]\n{SCHEMES}"
        assert said(old, old.replace("get: {}", "get: {security: []}")) == [
            "info security-requirement-removed @ GET /a"
        ]

    def test_alpha_operations_alone(self):
        old = "paths: {/a: {get: {x-stability-level: alpha}}}\n" + SCHEMES
        assert finding(old, old + "security: [{key: []}]").severity == "info"


def scheme(members, name="s", scopes="[]", used=True):
    security = f"security: [{{{name}: {scopes}}}]" if used else ""
    return operation(security, more=f"components: {{securitySchemes: {{{name}: {{{members}}}}}}}\n")


KEYED = "type: apiKey, name: X-Key, in: header"
FLOW = "type: oauth2, flows: {clientCredentials: {tokenUrl: %s, scopes: {%s}}}"
CODE = "authorizationCode: {authorizationUrl: a, tokenUrl: b, scopes: {}}"
TWO_FLOWS = f"type: oauth2, flows: {{clientCredentials: {{tokenUrl: a, scopes: {{}}}}, {CODE}}}"


class TestSchemes:
    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (KEYED, "type: http, scheme: basic", "breaking security-scheme-type-changed"),
            (KEYED, KEYED.replace("X-Key", "X-Token"), "breaking security-scheme-name-changed"),
            (KEYED, KEYED.replace("header", "query"), "breaking security-scheme-place-changed"),
            (
                "type: http, scheme: basic",
                "type: http, scheme: bearer",
                "breaking security-scheme-http-scheme-changed",
            ),
            (
                "type: openIdConnect, openIdConnectUrl: a",
                "type: openIdConnect, openIdConnectUrl: b",
                "risky security-scheme-discovery-url-changed",
            ),
            (
                "type: http, scheme: bearer",
                "type: http, scheme: bearer, bearerFormat: JWT",
                "info security-scheme-bearer-format-changed",
            ),
            (KEYED, KEYED + ", deprecated: true", "info security-scheme-deprecation-changed"),
            (FLOW % ("a", ""), FLOW % ("b", ""), "risky security-flow-url-changed"),
            (FLOW % ("a", "x: y"), FLOW % ("a", ""), "info security-unused-scope-removed"),
            (FLOW % ("a", ""), FLOW % ("a", "x: y"), "info security-scope-offered"),
            (FLOW % ("a", ""), TWO_FLOWS, "info security-flow-added"),
            (TWO_FLOWS, FLOW % ("a", ""), "breaking security-flow-removed"),
        ],
    )
    def test_fires(self, old, new, rule):
        assert said(scheme(old), scheme(new)) == [f"{rule} @ s"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (KEYED, KEYED.replace("X-Key", "x-key")),
            ("type: http, scheme: bearer", "type: http, scheme: Bearer"),
            (KEYED, KEYED + ", description: d"),
            (FLOW % ("a", "x: y"), FLOW % ("a", "x: z")),
        ],
    )
    def test_silent(self, old, new):
        assert said(scheme(old), scheme(new)) == []

    def test_a_scope_that_is_needed(self):
        old, new = (scheme(FLOW % ("a", scopes), scopes="[x]") for scopes in ("x: y", ""))
        assert said(old, new) == ["breaking security-scope-removed @ s"]

    @pytest.mark.parametrize("name", ["t", "apiKey"])
    def test_the_name_of_a_scheme_is_not_on_the_wire(self, name):
        assert said(scheme(KEYED), scheme(KEYED, name)) == []

    def test_names_that_were_swapped(self):
        old = asking(
            "[{a: []}]", f"components: {{securitySchemes: {{a: {{{KEYED}}}, b: {{type: mutualTLS}}}}}}"
        )
        new = asking(
            "[{b: []}]", f"components: {{securitySchemes: {{b: {{{KEYED}}}, a: {{type: mutualTLS}}}}}}"
        )
        assert said(old, new) == []

    def test_a_new_name_for_another_scheme_is_no_match(self):
        old = asking(
            "[{a: []}]", f"components: {{securitySchemes: {{a: {{{KEYED}}}, b: {{type: mutualTLS}}}}}}"
        )
        new = asking("[{a: []}]", "components: {securitySchemes: {a: {type: mutualTLS}}}")
        assert "breaking security-alternative-removed @ GET /items" in said(old, new)

    def test_a_renamed_and_changed_oauth_scheme(self):
        old, new = scheme(FLOW % ("a", "")), scheme(FLOW % ("b", ""), "t")
        assert said(old, new) == ["risky security-flow-url-changed @ s"]

    def test_one_finding_with_all_its_users(self):
        paths = "paths: {/a: {get: {security: [{s: []}]}}, /b: {get: {}}, /c: {get: {security: []}}}\n"
        paths += "security: [{s: []}]\ncomponents: {securitySchemes: {s: {%s}}}"
        d = finding(paths % KEYED, paths % KEYED.replace("X-Key", "X-Token")).difference
        assert (d.kind, d.operations) == ("security", ("GET /a", "GET /b"))

    def test_what_nothing_uses_is_never_worse_than_info(self):
        old, new = scheme(KEYED, used=False), scheme(KEYED.replace("header", "query"), used=False)
        assert said(old, new) == ["info security-scheme-place-changed @ s"]
        assert said(old, operation()) == ["info security-scheme-removed @ s"]
        assert said(operation(), old) == ["info security-scheme-added @ s"]

    def test_a_requirement_without_a_scheme(self):
        assert said(operation("security: [{x: []}]"), operation("security: [{x: []}]")) == []
        assert said(operation("security: [{x: []}]"), operation("security: [{y: []}]")) != []


class TestLegacy:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("type: basic", "type: http, scheme: basic"),
            (KEYED, KEYED),
            ("type: oauth2, flow: application, tokenUrl: a, scopes: {x: y}", FLOW % ("a", "x: y")),
            (
                "type: oauth2, flow: accessCode, authorizationUrl: a, tokenUrl: b, scopes: {}",
                f"type: oauth2, flows: {{{CODE}}}",
            ),
            (
                "type: oauth2, flow: implicit, authorizationUrl: a, scopes: {}",
                "type: oauth2, flows: {implicit: {authorizationUrl: a, scopes: {}}}",
            ),
        ],
    )
    def test_migrated(self, old, new):
        legacy = operation("security: [{s: []}]", more=f"securityDefinitions: {{s: {{{old}}}}}")
        assert said(legacy, scheme(new), version="2.0", new_version="3.0") == []


def test_several_at_once_are_all_told():
    old = asking(f"[{KEY}, {TOKEN}, {{oauth: [r]}}]")
    found = findings(old, asking("[{oauth: [r, w]}]"))
    assert sorted(each.rule for each in found) == [
        "security-alternative-removed",
        "security-alternative-removed",
        "security-scope-added",
    ]
