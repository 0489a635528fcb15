"""A shop full of clocks, UUIDs, counters and random order, and a recording of a customer's visit to it."""

from __future__ import annotations

import itertools
import json
import random
import time
import uuid
from datetime import UTC, datetime

from driftcheck.traffic.exchange import Body, Exchange, Request, Response, Source
from tests.traffic.replay.service import ANY, ok

JSON = "application/json"
STRING, INTEGER = {"type": "string"}, {"type": "integer"}
ORDER = {
    "type": "object",
    "required": ["id", "number", "state", "total", "customer", "lines", "made_at"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "number": INTEGER,
        "state": {"enum": ["open", "paid"]},
        "total": {"type": "number"},
        "customer": {"type": "object", "properties": {"email": STRING, "vip": {"type": "boolean"}}},
        "lines": {"type": "array"},
        "made_at": {"type": "string", "format": "date-time"},
        "note": {"type": ["string", "null"]},
        "self": STRING,
        "tags": {"type": "array", "items": STRING},
        "read_at": {"type": "string", "format": "date-time"},
    },
}


def answers(schema):
    return {"default": ANY, "2XX": {"description": "it", "content": {JSON: {"schema": schema}}}}


SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "Clocks", "version": "1"},
    "paths": {
        "/login": {"post": {"requestBody": {"content": ANY["content"]}, "responses": {"default": ANY}}},
        "/orders": {
            "get": {"responses": answers({"type": "object"})},
            "post": {"requestBody": {"content": ANY["content"]}, "responses": answers(ORDER)},
        },
        "/orders/{id}": {
            "get": {"responses": answers(ORDER)},
            "delete": {"responses": {"default": {"description": "gone"}}},
        },
        "/numbers/{number}": {"get": {"responses": answers(ORDER)}},
        "/products": {"get": {"responses": answers({"type": "array"})}},
        "/health": {"get": {"responses": answers({"type": "object"})}},
    },
}
PRODUCTS = [{"sku": "A1", "price": 12.5, "stock": 3}, {"sku": "B2", "price": 5, "stock": 0}]
NOISE = (
    "GET /products body: order",
    "body.tags: order",
    "GET /orders body.orders.*.tags: order",
    "GET /health body.load",
)


class Shop:
    """Nothing of it is the same twice but what a consumer relies on. `spoil` may change an answer's value."""

    def __init__(self, seed, spoil=lambda path, value: value):
        self.random = random.Random(seed)
        self.numbers = itertools.count(self.random.randint(100, 10_000))
        self.orders = {}
        self.token = ""
        self.spoil = spoil

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def shuffled(self, items):
        return self.random.sample(items, len(items))

    def __call__(self, asked):
        status, value = self.answer(asked)
        if value is None:
            return status, [], b""
        label = f"{asked.method} {asked.path.split('/')[1]}"
        headers = [
            ["Date", datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")],
            ["X-Request-Id", self.uuid()],
        ]
        if status == 201:
            headers.append(["Location", f"/orders/{value['id']}"])
        given = self.spoil((label,), value)
        if isinstance(given, tuple):  # another status
            return ok(value, given[0], *headers)
        return ok(given, status, *headers)

    def answer(self, asked):
        parts = asked.path.strip("/").split("/")
        if asked.path == "/login":
            self.token = "".join(self.random.choices("abcdef0123456789", k=32))
            return 200, {"token": self.token, "expires_in": 3600, "at": self.now()}
        if asked.path == "/health":
            return 200, {
                "status": "ok",
                "uptime": self.random.random() * 9,
                "now": time.time(),
                "load": self.random.random(),
                "hits": self.random.randint(0, 10**6),
            }
        if asked.path == "/products":
            return 200, self.shuffled(PRODUCTS)
        if asked.headers.get("authorization") != f"Bearer {self.token}" or not self.token:
            return 401, {"error": "who are you?"}
        if asked.method == "POST":
            return 201, self.make(asked.json)
        if asked.path == "/orders":
            return 200, {
                "orders": list(self.orders.values()),
                "count": len(self.orders),
                "took_ms": self.random.randint(1, 90),
            }
        found = next(
            (one for one in self.orders.values() if parts[-1] in (one["id"], str(one["number"]))), None
        )
        if found is None:
            return 404, {"error": "no such order"}
        if asked.method == "DELETE":
            del self.orders[found["id"]]
            return 204, None
        return 200, {**found, "tags": self.shuffled(found["tags"]), "read_at": self.now()}

    def now(self):
        return (
            datetime.fromtimestamp(self.random.randint(10**9, 2 * 10**9), UTC)
            .isoformat()
            .replace("+00:00", "Z")
        )

    def make(self, sent):
        key = self.uuid()
        order = {
            "id": key,
            "number": next(self.numbers),
            "state": "open",
            "total": sum(line["qty"] * 2.5 for line in sent["lines"]),
            "customer": {"email": sent["email"], "vip": False},
            "lines": sent["lines"],
            "tags": self.shuffled(["new", "web", "eu"]),
            "made_at": self.now(),
            "note": None,
            "self": f"/orders/{key}",
        }
        self.orders[key] = order
        return order


class Visit:
    """A customer's calls to a shop, as a recorder sees them."""

    def __init__(self, shop):
        self.shop = shop
        self.calls = []

    def call(self, method, path, sent=None, **headers):
        from tests.traffic.replay.service import Asked

        content = b"" if sent is None else json.dumps(sent).encode()
        status, pairs, body = self.shop(Asked(method, path, headers, content))
        kind = JSON if body else ""
        given = tuple((name.title(), value) for name, value in headers.items())
        typed = (("Content-Type", JSON),) if content else ()
        self.calls.append(
            Exchange(
                source=Source("visit.ndjson", "ndjson", len(self.calls) + 1),
                request=Request(
                    method, path, (*given, *typed), Body("present", content, JSON if content else "")
                ),
                response=Response(status, tuple(map(tuple, pairs)), Body("present", body, kind)),
                consumer="web",
            )
        )
        return json.loads(body) if body else None


def visit(seed=1):
    """A recorded visit: log in, order, look at it, look at the list, delete it, look again."""
    shop = Visit(Shop(seed))
    shop.call("GET", "/health")
    shop.call("GET", "/products")
    shop.call("GET", "/orders")
    token = shop.call("POST", "/login", {"user": "u"})["token"]
    headers = {"authorization": f"Bearer {token}"}
    lines = [{"sku": "A1", "qty": 2}, {"sku": "B2", "qty": 1}]
    first = shop.call("POST", "/orders", {"email": "a@example.com", "lines": lines}, **headers)
    shop.call("POST", "/orders", {"email": "b@example.com", "lines": lines[:1]}, **headers)
    shop.call("GET", f"/orders/{first['id']}", **headers)
    shop.call("GET", f"/numbers/{first['number']}", **headers)
    shop.call("GET", "/orders", **headers)
    shop.call("DELETE", f"/orders/{first['id']}", **headers)
    shop.call("GET", f"/orders/{first['id']}", **headers)
    return shop.calls
