"""The curl line: what it looks like, that a shell reads it as meant, and where there is none."""

from __future__ import annotations

import json
import shlex

import pytest

from driftcheck.difference import Counterexample, Side
from driftcheck.report.curl import curl
from tests.builders import finding

CONTENT = "/requestBody/content"
BODY = f"{CONTENT}/application~1json/schema"
FORM = "application~1x-www-form-urlencoded"
JSON = "-H 'Content-Type: application/json' --data-raw"


def line(value, pointer=BODY, operation="POST /orders", accepted=Side.EXPECTED):
    refused = Side.ACTUAL if accepted is Side.EXPECTED else Side.EXPECTED
    shown = Counterexample(value, accepted, refused, "refused")
    return curl(finding(counterexample=shown, pointer=pointer, operation=operation))


def body_of(written):
    words = shlex.split(written)
    return words[words.index("--data-raw") + 1]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (
            {"value": {"qty": 1}},
            """curl -X POST "$BASE_URL/orders" -H 'Content-Type: application/json' --data-raw '{"qty": 1}'""",
        ),
        (
            {"value": {"qty": 1}, "pointer": f"{BODY}/properties/qty", "operation": "PUT /orders/{id}"},
            f"""curl -X PUT "$BASE_URL/orders/1" {JSON} '{{"qty": 1}}'""",
        ),
        (
            {"value": "abc", "pointer": "/parameters/query/q/schema", "operation": "GET /items"},
            'curl "$BASE_URL/items?q=abc"',
        ),
        (
            {"value": [1, True], "pointer": "/parameters/query/q/schema", "operation": "GET /items"},
            'curl "$BASE_URL/items?q=1&q=true"',
        ),
        (
            {"value": {"a": 1}, "pointer": "/parameters/query/q/content/application~1json/schema"},
            'curl -X POST "$BASE_URL/orders?q=%7B%22a%22%3A+1%7D"',
        ),
        (
            {"value": "a/b c", "pointer": "/parameters/path/id/schema", "operation": "GET /a/{id}/b/{x}"},
            'curl "$BASE_URL/a/a%2Fb%20c/b/1"',
        ),
        (
            {"value": "x", "pointer": "/parameters/header/X-A/schema", "operation": "GET /a"},
            """curl "$BASE_URL/a" -H 'X-A: x'""",
        ),
        (
            {"value": "", "pointer": "/parameters/header/X-A/schema", "operation": "GET /a"},
            """curl "$BASE_URL/a" -H 'X-A;'""",
        ),
        (
            {"value": 3, "pointer": "/parameters/cookie/sid/schema", "operation": "GET /a"},
            'curl "$BASE_URL/a" -b sid=3',
        ),
        (
            {"value": "x", "pointer": "/parameters/query/q/schema", "operation": "HEAD /a"},
            'curl --head "$BASE_URL/a?q=x"',
        ),
        (
            {"value": {"a": "b c", "d": [1, 2]}, "pointer": f"{CONTENT}/{FORM}/schema"},
            """curl -X POST "$BASE_URL/orders" --data-raw 'a=b+c&d=1&d=2'""",
        ),
        (
            {"value": {"a": "b"}, "pointer": f"{CONTENT}/multipart~1form-data/schema"},
            'curl -X POST "$BASE_URL/orders" --form-string a=b',
        ),
        (
            {"value": 1, "pointer": f"{CONTENT}/*~1*/schema"},
            """curl -X POST "$BASE_URL/orders" -H 'Content-Type: application/json' --data-raw 1""",
        ),
        (
            {"value": 1, "pointer": f"{CONTENT}/application~1merge-patch+json/schema"},
            f"""curl -X POST "$BASE_URL/orders" {JSON.replace("/json", "/merge-patch+json")} 1""",
        ),
    ],
)  # fmt: skip
def test_lines(given, written):
    assert line(**given) == written


@pytest.mark.parametrize(
    "given",
    [
        {"value": 1, "accepted": Side.ACTUAL},
        {"value": 1, "operation": None},
        {"value": 1, "operation": "WEBHOOK paid POST paid"},
        {"value": 1, "operation": "POST /a callback onPaid POST {$request.body#/url}"},
        {"value": 1, "pointer": None},
        {"value": 1, "pointer": "/responses/200/content/application~1json/schema"},
        {"value": 1, "pointer": "/requestBody"},
        {"value": 1, "pointer": f"{CONTENT}/application~1xml/schema"},
        {"value": 1, "pointer": f"{BODY}/properties/qty"},
        {"value": "x", "pointer": f"{BODY}/items"},
        {"value": 1, "pointer": "/parameters/query/q"},
        {"value": "", "pointer": "/parameters/path/id/schema"},
        {"value": "a\nb", "pointer": "/parameters/header/X-A/schema"},
        {"value": "a\x1b", "pointer": "/parameters/cookie/a/schema"},
        {"value": [], "pointer": f"{CONTENT}/application~1x-www-form-urlencoded/schema"},
    ],
    ids=str,
)
def test_there_is_no_line(given):
    assert line(**given) is None


def test_there_is_no_line_without_a_counterexample():
    assert curl(finding()) is None


HOSTILE = [
    "'; rm -rf / #",
    "$(id)",
    "`id`",
    "a\nb",
    "\x1b[31m",
    "\u202e",
    "é\U0001f600",
    "\ud800",
    "\\",
    '"',
    "-d",
]


@pytest.mark.parametrize("evil", HOSTILE, ids=ascii)
def test_a_shell_reads_the_body_as_it_was_meant(evil):
    written = line({evil: evil})
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(body_of(written)) == {evil: evil}


@pytest.mark.parametrize("evil", ["$(id)", "`id`", '";id;"', "\x1b", "\\"], ids=ascii)
def test_nothing_in_a_path_or_query_runs(evil):
    for written in (
        line("x", "/parameters/query/q/schema", f"GET /{evil}"),
        line(evil, "/parameters/query/q/schema", "GET /a"),
        line(evil, "/parameters/path/id/schema", "GET /a/{id}"),
        line("x", f"/parameters/query/{evil}/schema", "GET /a"),
    ):
        url = written.split('"')[1]
        assert written.count('"') == 2
        assert not set("$`\\\x1b") & set(url.removeprefix("$BASE_URL"))
