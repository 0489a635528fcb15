"""Who called, and how critical what they called is."""

from __future__ import annotations

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.openapi.loading import load
from driftcheck.traffic.consumers import consumer_of, is_external
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.exchange import Source
from driftcheck.traffic.weights import DEFAULTS, reasons, weight, weights_from
from tests.traffic.calls import exchange, spec

CHROME = "Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36"
EDGE = "Mozilla/5.0 (Windows) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"consumer": "shop", "headers": {"User-Agent": CHROME}}, "shop"),
        ({"headers": {"User-Agent": CHROME}}, "Chrome"),
        ({"headers": {"user-agent": EDGE}}, "Edge"),
        ({"headers": {"User-Agent": "Mozilla/5.0 Gecko/1 Firefox/121.0"}}, "Firefox"),
        ({"headers": {"User-Agent": "python-requests/2.31"}}, "python-requests"),
        ({"headers": {"User-Agent": "(weird)"}}, "checkout"),
        ({"headers": {"User-Agent": "Mozilla/5.0"}}, "checkout"),
        ({"test": "test-set-0/get-items-1"}, "test-set-0"),
        ({"test": "alone"}, "checkout"),
        ({}, "checkout"),
    ],
)
def test_consumers(given, name):
    assert consumer_of(exchange(source=Source("runs/checkout.har", "har"), **given)) == name


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("wiremock/mappings/api_v1_orders-63db50f8.json", "wiremock"),
        ("web/stubs/mappings/deep/one.json", "stubs"),
        ("mappings/one.json", "mappings"),
        ("stubs/orders.json", "orders"),
    ],
)
def test_stubs_of_one_folder_are_of_one_consumer(file, name):
    assert consumer_of(exchange(source=Source(file, "wiremock"))) == name


def test_calls_that_leave_the_recorded_service():
    mock = Source("keploy/test-set-0/mocks.yaml", "keploy", 1)
    assert is_external(exchange(source=mock, provider="payments"))
    assert not is_external(exchange(source=mock, provider="shop", test="test-set-0/a"))
    assert not is_external(exchange(source=mock))
    assert not is_external(exchange(provider="orders"))


def promise(path, method="get", **more):
    operation = {"responses": {}, **more.pop("operation", {})}
    document = load(spec({path: {method: operation}}, **more), Side.ACTUAL, ApiConfig())
    return Contract(document).promises[0]


def test_reasons():
    assert reasons(promise("/items")) == ()
    assert reasons(promise("/items", "delete")) == ("write",)
    assert reasons(promise("/invoices/{id}")) == ("payment",)
    assert reasons(promise("/session", "post")) == ("write", "auth")
    assert reasons(promise("/x", operation={"tags": ["Payments"]})) == ("payment",)
    assert reasons(promise("/x", operation={"operationId": "createOrder"})) == ("payment",)
    assert reasons(promise("/x"), external=True) == ("external",)


@pytest.mark.parametrize("path", ["/borders", "/author", "/display", "/reorder-list"])
def test_words_are_whole(path):
    assert reasons(promise(path)) == ()


def test_security():
    schemes = {"securitySchemes": {"k": {"type": "http", "scheme": "basic"}}}
    assert reasons(promise("/x", components=schemes, security=[{"k": []}])) == ("auth",)
    assert reasons(promise("/x", components=schemes, security=[{"k": []}, {}])) == ()
    free = promise("/x", components=schemes, security=[{"k": []}], operation={"security": []})
    assert reasons(free) == ()


def test_weights():
    one = promise("/payments", "post")
    assert weight(one, DEFAULTS, 1) == 1 + 3 + 5
    assert weight(one, DEFAULTS, 3) == 3 * 9
    assert weight(one, weights_from({"payment": 0.0, "consumer": 0.0}), 3) == 4
