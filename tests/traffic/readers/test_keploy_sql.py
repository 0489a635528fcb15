"""SQL of recorded database mocks."""

from __future__ import annotations

import base64
import struct

import pytest

from driftcheck.traffic.readers import RecordedQuery, Unreadable, read_queries
from driftcheck.traffic.readers.keploy_sql import _framed
from tests.traffic.readers.conftest import FIXTURES


def message(letter, *texts):
    body = b"".join(text.encode() + b"\0" for text in texts)
    return letter + struct.pack(">i", 4 + len(body)) + body


def packed(*messages):
    return base64.b64encode(b"".join(messages)).decode()


def test_the_fixture():
    found = list(read_queries([str(FIXTURES / "keploy")]))
    assert [(query.engine, query.sql, query.source.line) for query in found] == [
        ("postgresql", "SELECT id, nick FROM users WHERE id = $1", 26),
        ("postgresql", "UPDATE users SET nick = 'x' WHERE id = 1", 26),
        ("postgresql", "INSERT INTO orders (qty) VALUES ($1)", 47),
        ("mysql", "SELECT sku FROM items WHERE id = ?", 63),
    ]


@pytest.mark.parametrize(
    ("payload", "texts"),
    [
        (packed(message(b"Q", "SELECT 1")), ["SELECT 1"]),
        (packed(message(b"P", "name", "select a from b"), message(b"S")), ["select a from b"]),
        (packed(message(b"Q", "BEGIN"), message(b"Q", "DELETE FROM a")), ["DELETE FROM a"]),
        (
            packed(message(b"Q", "/* app */ WITH x AS (SELECT 1) SELECT 2")),
            ["/* app */ WITH x AS (SELECT 1) SELECT 2"],
        ),
        (packed(message(b"B", "", "SELECT 1")), []),
        (packed(message(b"Q", "SELECT 1")[:-4]), []),
        ("AAAACATSFi8=", []),
        ("not base64!", []),
        ("", []),
        (base64.b64encode(b"Q\0\0\0\0").decode(), []),
    ],
    ids=range(10),
)
def test_messages_on_the_wire(payload, texts):
    assert list(_framed(payload)) == texts


def written(tmp_path, text):
    (tmp_path / "mocks.yaml").write_text(f"version: api.keploy.io/v1beta1\n{text}")
    return list(read_queries([str(tmp_path)]))


def test_each_text_is_told_once_a_mock(tmp_path):
    text = "kind: MySQL\nspec: {requests: [{message: {query: SELECT 1}}, {message: {query: ' SELECT 1 '}}]}\n"
    assert [query.sql for query in written(tmp_path, text)] == ["SELECT 1"]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Redis\nspec: {requests: [{message: {query: SELECT 1}}]}\n",
        "kind: MySQL\nspec: {responses: [{message: {query: SELECT 1}}]}\n",
        "kind: MySQL\nspec: {requests: [{message: {query: 'SET NAMES utf8'}}]}\n",
        "kind: MySQL\nspec: 3\n",
        "kind: Http\nspec: {req: {body: SELECT 1}}\n",
        "name: none\nkind:\nspec: {requests: [{message: {query: SELECT 1}}]}\n",
    ],
)
def test_what_is_no_query_is_none(text, tmp_path):
    assert written(tmp_path, text) == []


def test_a_broken_document_is_told_and_the_next_one_read(tmp_path):
    good = "kind: MySQL\nspec: {requests: [{message: {query: SELECT 1}}]}\n"
    found = written(tmp_path, f"kind: MySQL\nspec: [\n---\nversion: api.keploy.io/v1beta1\n{good}")
    assert [type(item) for item in found] == [Unreadable, RecordedQuery]
