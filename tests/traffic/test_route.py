"""Routing: base paths, templates, encodings, methods."""

from __future__ import annotations

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.openapi.loading import load
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.route import Routed, address_of, guessed_path, is_loopback, router_of
from tests.traffic.calls import spec

OK = {"responses": {}}


def router(*paths, given=(), version="3.1.0", **more):
    description = spec({path: {"get": OK} for path in paths}, version=version, **more)
    return router_of(Contract(load(description, Side.ACTUAL, ApiConfig())).promises, given)


def label(found):
    return found.promise.operation.path if isinstance(found, Routed) else None


def routed(path, *paths, local=False, method="GET", **more):
    return router(*paths, **more).find(method, path, local=local)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users/me", "/users/me"),
        ("/users/7", "/users/{id}"),
        ("/users/7/orders", "/users/{id}/orders"),
        ("/users/me/orders", "/users/{id}/orders"),
        ("/users", "/users"),
        ("/users/", "/users"),
        ("/users/7/", "/users/{id}"),
        ("/users/a%2Fb", "/users/{id}"),
        ("/users/report-7.csv", "/users/report-{id}.csv"),
        ("/users/m%65", "/users/me"),
        ("/unknown", None),
        ("/users/7/unknown", None),
        ("/Users", None),
        ("//", None),
    ],
)
def test_literals_come_before_templates(path, expected):
    paths = ("/users/{id}", "/users/me", "/users/{id}/orders", "/users", "/users/report-{id}.csv")
    assert label(routed(path, *paths)) == expected


def test_a_literal_that_leads_nowhere_is_left_again():
    assert label(routed("/a/b/d", "/a/b/c", "/a/{x}/d")) == "/a/{x}/d"


def test_values_of_templates_are_as_written():
    found = routed("/a%20b/c.json", "/{first}/{second}.json")
    assert found.values == {"first": "a%20b", "second": "c"}


def test_an_empty_segment_is_no_value():
    assert label(routed("/users//orders", "/users/{id}/orders")) is None


@pytest.mark.parametrize(
    ("path", "expected"), [("/v1/items", "/items"), ("/items", None), ("/v2/items", None), ("/v1", None)]
)
def test_the_base_path_of_servers_is_in_front(path, expected):
    found = routed(path, "/items", servers=[{"url": "https://api.example.com/v1/"}])
    assert label(found) == expected


def test_a_service_at_hand_may_be_behind_no_gateway():
    servers = [{"url": "https://api.example.com/v1"}]
    assert label(routed("/items", "/items", servers=servers, local=True)) == "/items"


def test_free_and_enumerated_variables_of_servers():
    servers = [
        {
            "url": "https://{region}.example.com/{stage}",
            "variables": {"region": {"default": "eu"}, "stage": {"default": "a", "enum": ["a", "b"]}},
        }
    ]
    found = router("/items", servers=servers)
    assert label(found.find("GET", "/b/items", local=False)) == "/items"
    assert label(found.find("GET", "/c/items", local=False)) is None
    assert found.declares("us.example.com")
    assert not found.declares("example.com")


def test_base_path_of_swagger():
    found = router("/items", version="2.0", host="api.example.com", basePath="/v3")
    assert label(found.find("GET", "/v3/items", local=False)) == "/items"
    assert found.declares("api.example.com")


def test_given_servers_replace_those_of_the_description():
    found = router("/items", given=("http://staging/x",), servers=[{"url": "https://api.example.com"}])
    assert label(found.find("GET", "/x/items", local=False)) == "/items"
    assert label(found.find("GET", "/items", local=False)) is None
    assert found.declares("staging")
    assert not found.declares("api.example.com")


def test_servers_of_an_operation_come_before_the_documents():
    paths = {"/a": {"get": {**OK, "servers": [{"url": "/own"}]}}, "/b": {"get": OK}}
    document = load(spec(paths, servers=[{"url": "/all"}]), Side.ACTUAL, ApiConfig())
    found = router_of(Contract(document).promises)
    assert label(found.find("GET", "/own/a", local=False)) == "/a"
    assert label(found.find("GET", "/all/a", local=False)) is None
    assert label(found.find("GET", "/all/b", local=False)) == "/b"


def test_the_methods_of_a_path_are_told_where_another_was_called():
    assert routed("/items", "/items", method="DELETE") == ("GET",)


def test_head_is_get_without_a_body():
    assert label(routed("/items", "/items", method="HEAD")) == "/items"


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [
        ("https://API.example.com:443/a?b=1#c", "api.example.com", "/a", "b=1"),
        ("http://user:pw@localhost:8000", "localhost:8000", "/", ""),
        ("/a/b?c", "", "/a/b", "c"),
        ("a/b", "", "/a/b", ""),
        ("//host/x", "host", "/x", ""),
        ("http://[::1]:80/x", "[::1]", "/x", ""),
    ],
)
def test_addresses(url, host, path, query):
    found = address_of(url)
    assert (found.host, found.path, found.query) == (host, path, query)


@pytest.mark.parametrize("url", ["{{base}}/items", "https://{{base}}/items", "{{base}}items"])
def test_a_host_that_is_a_placeholder_is_not_written(url):
    found = address_of(url, ("{{base}}",))
    assert (found.host, found.path) == ("", "/items")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:3000", "127.0.0.1:1", "[::1]", "app.localhost", "testserver"]
)
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.com", "example.com", "128.0.0.1", ""])
def test_not_loopback(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("path", "guessed"),
    [
        ("/users/17", "/users/{}"),
        ("/users/123e4567-e89b-12d3-a456-426614174000/x", "/users/{}/x"),
        ("/by-mail/a@b.c", "/by-mail/{}"),
        ("/v1/users", "/v1/users"),
        ("/", "/"),
    ],
)
def test_paths_that_nobody_describes_hold_no_data(path, guessed):
    assert guessed_path(path) == guessed


def test_a_placeholder_in_a_path_is_data():
    assert guessed_path("/orders/{{id}}/lines", ("{{id}}",)) == "/orders/{}/lines"
    assert label(routed("/orders/{{id}}", "/orders/{id}")) == "/orders/{id}"
