"""Servers, their variables, and prefixes that move between servers and paths."""

import pytest

from driftcheck.openapi.reading.servers import normal_url, split_url
from tests.openapi.differ import finding, operation, said

A, B = "{url: 'https://a.example/v1'}", "{url: 'https://b.example/v1'}"


def at(*servers):
    return operation(more=f"servers: [{', '.join(servers)}]\n")


def varied(enum="", default="eu", url="https://{r}.example"):
    values = f"enum: [{enum}], " if enum else ""
    return at(f"{{url: '{url}', variables: {{r: {{{values}default: {default}}}}}}}")


class TestUrls:
    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (at(A, B), at(A), "breaking server-removed"),
            (at(A), at(B), "breaking server-url-changed"),
            (at(A), at(A, B), "info server-added"),
            (at(A), at(A.replace("v1", "v2")), "breaking server-url-changed"),
            (at(A), at(A.replace("https", "http")), "breaking server-url-changed"),
            (at(A), at("{url: /v1}"), "risky server-host-left-open"),
            (at(A), at("{url: /v2}"), "breaking server-url-changed"),
            (at(A), operation(), "breaking server-removed"),
            (operation(), at(A), "info server-added"),
            (at("{url: /v1}"), at("{url: /v2}"), "breaking server-url-changed"),
        ],
    )
    def test_fires(self, old, new, rule):
        found = finding(old, new)
        assert f"{found.severity} {found.rule}" == rule
        assert (found.difference.object, found.difference.kind) == ("servers", "server")
        assert found.difference.operations == ("GET /items",)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (at(A, B), at(B, A)),
            (at(A), at("{url: 'HTTPS://A.example:443/v1/'}")),
            (at(A), at("{url: 'https://a.example/v1', description: d}")),
            (operation(), at("{url: /}")),
            (at("{url: /v1}"), at(A)),
            (at("{url: v1}"), at("{url: /v1}")),
            (operation(), operation(more="servers: []")),
        ],
    )
    def test_silent(self, old, new):
        assert said(old, new) == []

    def test_at_an_operation(self):
        old, new = operation(f"servers: [{A}]"), operation(f"servers: [{B}]")
        assert said(old, new) == ["breaking server-url-changed @ GET /items"]

    def test_at_a_path(self):
        old = f"paths: {{/a: {{servers: [{A}], get: {{}}, put: {{}}}}}}"
        d = finding(old, old.replace("a.example", "b.example")).difference
        assert d.operations == ("GET /a", "PUT /a")

    def test_an_override_that_says_the_same(self):
        assert said(operation(f"servers: [{A}]"), at(A)) == []
        assert said(at(A), operation(f"servers: [{A}]")) == []

    def test_without_any_operation(self):
        assert said("servers: [{url: /a}]", "servers: [{url: /b}]") == [
            "breaking server-url-changed @ servers"
        ]

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://A.example:443/x/", "https://a.example/x"),
            ("http://a.example:80", "http://a.example"),
            ("http://a.example:443", "http://a.example:443"),
            ("/", ""),
            ("./v1", "/v1"),
            ("//host/x", "//host/x"),
            ("", ""),
        ],
    )
    def test_normal_url(self, url, expected):
        assert normal_url(url) == expected

    def test_split_url(self):
        assert split_url("https://a.example/v1/x") == ("https://a.example", "/v1/x")
        assert split_url("/v1") == ("", "/v1")


class TestVariables:
    @pytest.mark.parametrize(
        ("old", "new", "rules"),
        [
            (varied("eu, us"), varied("eu"), ["breaking server-variable-value-removed"]),
            (varied("eu"), varied("eu, us"), ["info server-variable-value-added"]),
            (varied("eu, us"), varied("eu, us", "us"), ["risky server-variable-default-changed"]),
            (varied(), varied("eu"), ["breaking server-variable-restricted"]),
            (varied("eu"), varied("us", "us"), ["breaking server-url-changed"]),
        ],
    )
    def test_fires(self, old, new, rules):
        found = [
            line.rsplit(" @", 1)[0]
            for line in said(old, new)
            if "default" not in line or "default" in rules[0]
        ]
        assert found == rules

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (varied("eu, us"), varied("us, eu")),
            (at("{url: 'https://eu.example'}"), varied("eu")),
            (varied("eu"), at("{url: 'https://eu.example'}")),
            (varied("eu, us"), at("{url: 'https://eu.example'}", "{url: 'https://us.example'}")),
            (at("{url: 'https://eu.example'}"), varied()),
            (varied("eu"), varied()),
            (varied(), varied(url="https://{r}.example/")),
        ],
    )
    def test_silent(self, old, new):
        assert [line for line in said(old, new) if not line.startswith("info")] == []

    def test_many_variables_end_in_bounded_time(self):
        names = [f"v{index}" for index in range(12)]
        variables = ", ".join(f"{name}: {{enum: [a, b, c], default: a}}" for name in names)
        url = "https://x.example/" + "/".join(f"{{{name}}}" for name in names)
        text = at(f"{{url: '{url}', variables: {{{variables}}}}}")
        assert said(text, text) == []


class TestMovedPrefix:
    def moved(self, servers, path):
        written = ", ".join(f"{{url: {url!r}}}" for url in servers)
        return f"servers: [{written}]\npaths: {{{path}: {{get: {{}}}}}}"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ((["https://a.example/v1"], "/items"), (["https://a.example"], "/v1/items")),
            ((["https://a.example"], "/api/v1/items"), (["https://a.example/api"], "/v1/items")),
            (
                (["https://a.example/v1", "https://b.example/v1"], "/x"),
                (["https://a.example", "https://b.example"], "/v1/x"),
            ),
            ((["/v1"], "/items"), (["/"], "/v1/items")),
            ((["https://a.example/v1"], "'/i/{id}'"), (["https://a.example"], "'/v1/i/{id}'")),
        ],
    )
    def test_silent(self, old, new):
        assert said(self.moved(*old), self.moved(*new)) == []
        assert said(self.moved(*new), self.moved(*old)) == []

    def test_a_host_that_changed_on_the_way(self):
        old, new = self.moved(["https://a.example/v1"], "/x"), self.moved(["https://b.example"], "/v1/x")
        assert said(old, new) == ["breaking server-url-changed @ servers"]

    def test_a_path_that_stayed_behind(self):
        old = "servers: [{url: 'https://a.example/v1'}]\npaths: {/x: {get: {}}, /y: {get: {}}}"
        new = "servers: [{url: 'https://a.example'}]\npaths: {/v1/x: {get: {}}, /y: {get: {}}}"
        found = finding(old, new)
        assert (found.rule, found.difference.operations) == ("server-url-changed", ("GET /y",))

    def test_what_is_behind_is_still_compared(self):
        old = self.moved(["https://a.example/v1"], "/x").replace("get: {}", "get: {tags: [a]}")
        new = self.moved(["https://a.example"], "/v1/x").replace("get: {}", "get: {tags: [b]}")
        assert said(old, new) == ["risky operation-tags-changed @ GET /x"]


class TestLegacy:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("host: a.example\nbasePath: /v1\nschemes: [https]", f"servers: [{A}]"),
            ("host: a.example\nbasePath: /v1", f"servers: [{A}]"),
            ("basePath: /v1", f"servers: [{A}]"),
            ("", ""),
            (
                "host: a.example\nschemes: [https, http]\nbasePath: /v1",
                f"servers: [{A}, {A.replace('https', 'http')}]",
            ),
        ],
    )
    def test_migrated(self, old, new):
        assert said(operation(more=old), operation(more=new), version="2.0", new_version="3.0") == []

    def test_a_scheme_that_was_dropped(self):
        old = operation(more="host: a.example\nschemes: [https, http]")
        new = operation(more="host: a.example\nschemes: [https]")
        assert said(old, new, version="2.0") == ["breaking server-removed @ servers"]

    HOST = "host: a.example\nbasePath: /v1\nschemes: [%s]\n"

    def of(self, document, own=None):
        return operation(f"schemes: [{own}]" if own else "", more=self.HOST % document)

    @pytest.mark.parametrize(
        ("old", "new", "found"),
        [
            (("https", "https, http"), ("https", "https"), ["breaking server-removed @ GET /items"]),
            (("https", None), ("https", "wss"), ["breaking server-url-changed @ GET /items"]),
            (("https", "https"), ("https", "https, wss"), ["info server-added @ GET /items"]),
            (("https", None), ("https", "https"), []),
            (("http, https", "https"), ("https", "https"), []),
            (("http", "https"), ("https", None), []),
        ],
    )
    def test_schemes_of_an_operation_stand_in_for_those_of_the_document(self, old, new, found):
        assert said(self.of(*old), self.of(*new), version="2.0") == found

    def test_schemes_of_an_operation_without_a_host_say_nothing(self):
        old = operation("schemes: [https]", more="basePath: /v1")
        assert said(old, operation("schemes: [http]", more="basePath: /v1"), version="2.0") == []
