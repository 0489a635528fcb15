"""The one comment, against a server that behaves in every way a server can."""

from __future__ import annotations

import pytest

from driftcheck.ci import comments
from driftcheck.ci.comments import Failed, Refused, Thread
from tests.ci.rest import serving

MARKER = "<!-- driftcheck-report -->"
TEXT = f"{MARKER}\n## fine\n"


@pytest.fixture
def github(monkeypatch):
    monkeypatch.setattr(comments.time, "sleep", lambda _seconds: None)
    with serving() as server:
        yield server


def thread(server, token="secret-token"):
    return Thread(server.url, "shop/shop", 7, token)


def test_created_then_updated(github):
    assert thread(github).put(TEXT, create=True) == "created"
    assert thread(github).put(f"{MARKER}\nnew", create=True) == "updated"
    assert [comment["body"] for comment in github.comments] == [f"{MARKER}\nnew"]


def test_nothing_is_begun_without_need(github):
    assert thread(github).put(TEXT, create=False) == "none"
    assert github.comments == []
    github.add(f"{MARKER}\nold")
    assert thread(github).put(TEXT, create=False) == "updated"


@pytest.mark.parametrize("others", [0, 99, 100, 101, 250])
def test_the_comment_is_found_on_any_page(github, others):
    for _ in range(others):
        github.add("words", kind="User")
    number = github.add(f"{MARKER}\r\nold")
    assert thread(github).put(TEXT, create=True) == "updated"
    assert github.body(number) == TEXT
    assert github.count("POST") == 0


@pytest.mark.parametrize(
    ("body", "kind", "association"),
    [
        (f"{MARKER}\nspoofed", "User", "NONE"),
        (f"{MARKER}\nspoofed", "User", "FIRST_TIME_CONTRIBUTOR"),
        (f"see:\n{MARKER}", "Bot", "NONE"),
        (f"{MARKER}x\nother", "Bot", "NONE"),
        ("<!-- driftcheck-report: orders -->\nother", "Bot", "NONE"),
        ("", "Bot", "NONE"),
    ],
)
def test_comments_that_are_not_ours(github, body, kind, association):
    number = github.add(body, kind, association)
    assert thread(github).put(TEXT, create=True) == "created"
    assert github.body(number) == body


def test_a_comment_by_the_token_of_a_member_is_ours(github):
    github.add(f"{MARKER}\nold", "User", "MEMBER")
    assert thread(github).put(TEXT, create=True) == "updated"


@pytest.mark.parametrize("methods", [("GET",), ("POST",), ("GET", "POST", "PATCH")])
def test_a_token_that_may_not(github, methods):
    github.refuses = methods
    with pytest.raises(Refused, match="403"):
        thread(github).put(TEXT, create=True)
    assert github.comments == []


def test_what_reads_is_tried_again(github):
    github.fails = 2
    assert thread(github).put(TEXT, create=True) == "created"
    github.fails = 3
    with pytest.raises(Failed, match="502"):
        thread(github).put(TEXT, create=True)
    assert len(github.comments) == 1


def test_what_creates_is_not_tried_again(github):
    class Dropping(Thread):
        def _find(self, marker):
            github.fails = 1

    with pytest.raises(Failed, match="502"):
        Dropping(github.url, "shop/shop", 7, "t").put(TEXT, create=True)
    assert github.count("POST") == 1


def test_the_token_goes_nowhere_else(github):
    with serving() as other:
        github.moved = f"{other.url}/repos/shop/shop/issues/7/comments?per_page=100&page=1"
        with pytest.raises(Failed):
            thread(github).put(TEXT, create=True)
        assert other.requests == []
    assert "secret-token" not in repr(thread(github))


def test_a_server_that_is_not_there_or_talks_nonsense(github):
    github.garbage = True
    with pytest.raises(Failed):
        thread(github).put(TEXT, create=True)
    with pytest.raises(Failed):
        Thread("http://127.0.0.1:1", "shop/shop", 7, "t").put(TEXT, create=True)


def test_a_list_that_is_none(github):
    github.answer = lambda *_: (200, {"message": "odd"})
    with pytest.raises(Failed, match="no list"):
        thread(github).put(TEXT, create=True)
    odd = [{"id": "x", "body": MARKER}, {"id": 1, "body": None}, 7, {"id": 2, "body": MARKER, "user": None}]
    github.answer = lambda method, *_: (200, odd if method == "GET" else {})
    assert thread(github).put(TEXT, create=True) == "created"
