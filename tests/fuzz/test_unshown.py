"""What the user gave is not shown, wherever it appears."""

import pytest

from driftcheck.fuzz.outcome import Problem, Sent
from driftcheck.fuzz.unshown import given

KEY = "s3cr3t/key"
BEARER = given({"Authorization": f"Bearer {KEY}"}, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Bearer {KEY}", "***"),
        (f"token={KEY}!", "token=***!"),
        ("token=s3cr3t%2Fkey", "token=***"),
        ("Bearer of good news", "Bearer of good news"),
    ],
)
def test_texts(text, shown):
    assert BEARER.text(text) == shown


def test_a_problem_is_masked_all_over():
    sent = Sent("POST", f"/{KEY}", (("X-Copy", KEY),), KEY.encode(), (Sent("GET", f"/{KEY}"),))
    value = {"token": KEY, KEY: [KEY, 1, None], "n": True}
    problem = Problem(
        "rule", "POST /", "", sent, expected=[KEY], actual=KEY, value=value, reason=f"not {KEY}"
    )
    masked = BEARER.problem(problem)
    assert KEY not in repr(masked)
    assert masked.value == {"token": "***", "***": ["***", 1, None], "n": True}


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Accept": "application/json"}, "application/json"),
        ({"Content-Type": "application/json"}, "application/json"),
        ({"X-Tenant": "1"}, "1 of 1"),
        ({}, "anything"),
    ],
)
def test_what_is_no_secret_stays(headers, text):
    assert given(headers, None).text(text) == text


def test_passwords_and_what_is_made_of_them():
    auth = given({}, ("user", "password1"))
    assert auth.text("password1 dXNlcjpwYXNzd29yZDE=") == "*** ***"
    assert auth.hides("Authorization", "Basic dXNlcjpwYXNzd29yZDE=")


def test_a_header_is_hidden_where_it_holds_what_the_user_gave():
    assert BEARER.hides("authorization", f"Bearer {KEY}")
    assert not BEARER.hides("Authorization", "Bearer made-up-to-see-what-happens")
    assert not BEARER.hides("X-Other", "1")
