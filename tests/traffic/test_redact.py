"""Redaction: what replaces a value, and what stays."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftcheck.traffic.exchange import Body, Exchange, Request, Response, Source
from driftcheck.traffic.placeholder import number_for, placeholder_for
from driftcheck.traffic.redact import Found, Redactor, fresh_key
from driftcheck.traffic.secrets import is_redacted
from driftcheck.traffic.splice import spliced_json

KEY = b"k" * 32
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjMifQ." + "c2lnbmF0dXJl"
SECRET = "k3J9sQ2mV7xT1zB8"


@pytest.fixture
def redactor():
    return Redactor(KEY)


@pytest.mark.parametrize(
    ("value", "pattern"),
    [
        ("hunter2!", r"dc_redacted_[0-9a-f]{8}"),
        ("Bearer abc", r"Bearer dc_redacted_[0-9a-f]{8}"),
        ("mona@kellermail.de", r"dc_redacted_[0-9a-f]{8}@example\.invalid"),
        ("2f1c8f8e-5b0a-4c2d-9e3f-112233445566", r"dc4edac7-[0-9a-f]{4}-4[0-9a-f]{3}-9[0-9a-f-]{16}"),
        ("2F1C8F8E-5B0A-4C2D-9E3F-112233445566", r"DC4EDAC7-[0-9A-F]{4}-4[0-9A-F]{3}-9[0-9A-F-]{16}"),
        ("482193", r"00\d{4}"),
        ("4539 5787 6362 1486", r"00\d\d \d{4} \d{4} \d{4}"),
        ("0123456789abcdef0123", r"dc4edac7[0-9a-f]{12}"),
        ("DE02 1203 0000 0000 2020 51", r"DE00 \d{4} \d{4} \d{4} \d{4} \d\d"),
        (JWT, r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"),
        ("https://hooks.test/a/b", r"https://dc-redacted-\w{8}\.example\.invalid/\S+"),
    ],
)  # fmt: skip
def test_placeholders_have_the_format_of_what_they_replace(value, pattern):
    made = placeholder_for(KEY, value)
    assert re.fullmatch(pattern, made)
    assert made == placeholder_for(KEY, value)
    assert made != placeholder_for(fresh_key(), value)
    assert is_redacted(made.removeprefix("Bearer ")) or made.startswith("DE00")


def test_basic_credentials_stay_base64():
    made = placeholder_for(KEY, "Basic dXNlcjpwYXNz")
    assert base64.b64decode(made.removeprefix("Basic ")).decode().count("dc_redacted_") == 2


@given(st.text(min_size=1))
def test_no_placeholder_holds_the_value(value):
    made = placeholder_for(KEY, f"{value}-{SECRET}")
    assert SECRET not in made


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_numbers_of_their_kind(value):
    made = number_for(KEY, value)
    assert type(made) is type(value)
    assert (made < 0) == (value < 0)
    if isinstance(value, int):
        assert len(str(made)) == len(str(value))


PART = '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n@\r\n--x--'


@pytest.mark.parametrize(
    "text",
    [
        "https://a.test/b?access_token=@&page=2",
        "https://mona:@@a.test/b",
        "/b?page=2&key=@",
        "user=mona&password=@",
        '{"password": "@",  "a":1}',
        '[{"user": {"apiKey": "@"}}]',
        "<login><password>@</password><user>m</user></login>",
        PART,
        '{"inner": "{\\"token\\": \\"@\\"}"}',
    ],
)
def test_secrets_in_text(text, redactor):
    """`@` stands for the secret, in what goes in and in what comes out."""
    secret = SECRET + "0123456789"
    made = redactor.text(text.replace("@", secret, 1))
    assert re.sub(r"dc_redacted_[0-9a-f]{8}", "@", made, count=1) == text
    assert redactor.text(made) == made, "what is redacted stays as it is"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "a = b",
        "https://a.test/b?page=2&size=10",
        "https://a.test/b?key=short",
        "https://a.test:8080/b@c",
        '{"token_type": "bearer", "nextPageToken": "k3J9sQ2mV7xT1zB8", "password": true}',
        '{"password": {"type": "string"}, "keys": ["password"]}',
        "2026-03-01T10:00:00Z",
        "2f1c8f8e-5b0a-4c2d-9e3f-112233445566",
        '{"torn": "',
        "[" * 5000,
        "<a><password/></a>",
        "eyJ",
        "mona@example.com",
    ],
)
def test_text_without_secrets_is_the_very_same(text, redactor):
    assert redactor.text(text) is text


@pytest.mark.parametrize(
    ("header", "value", "pattern"),
    [
        ("Authorization", f"Bearer {SECRET}", r"Bearer dc_redacted_\w{8}"),
        ("Cookie", "theme=dark; sid=abcdefgh", r"theme=dc_redacted_\w{8}; sid=dc_redacted_\w{8}"),
        ("Set-Cookie", "sid=abcdefgh; Path=/; HttpOnly", r"sid=dc_redacted_\w{8}; Path=/; HttpOnly"),
        ("set-cookie", "sid=; Max-Age=0", r"sid=; Max-Age=0"),
        ("X-Api-Key", SECRET, r"dc_redacted_\w{8}"),
        ("Accept", "application/json", r"application/json"),
        ("Location", f"/b?token={SECRET}", r"/b\?token=dc_redacted_\w{8}"),
        ("Authorization", "Bearer {{token}}", r"Bearer \{\{token\}\}"),
    ],
)
def test_headers(header, value, pattern, redactor):
    ((name, made),) = redactor.headers(((header, value),))
    assert name == header
    assert re.fullmatch(pattern, made)


def exchange(**more):
    request = Request(
        "POST",
        f"https://a.test/login?api_key={SECRET}",
        (("Authorization", f"Bearer {SECRET}"),),
        Body(
            "present",
            json.dumps({"user": "mona@kellermail.de", "pin": 4821, "n": 1}).encode(),
            "application/json",
        ),
    )
    body = Body("present", json.dumps({"token": SECRET}).encode(), "application/json")
    return Exchange(source=Source("a", "har"), request=request, response=Response(200, (), body), **more)


def test_an_exchange_is_redacted_everywhere_with_equal_placeholders_for_equal_values(redactor):
    made = redactor.exchange(exchange())
    assert SECRET not in repr(made)
    sent, got = json.loads(made.request.body.content), json.loads(made.response.body.content)
    stands_for = got["token"]
    assert made.request.url == f"https://a.test/login?api_key={stands_for}"
    assert made.request.headers == (("Authorization", f"Bearer {stands_for}"),)
    assert sent["user"].endswith("@example.invalid")
    assert isinstance(sent["pin"], int)
    assert sent["n"] == 1
    assert redactor.exchange(made).response == made.response


def test_bodies_that_are_no_text_are_left_alone(redactor):
    for body in (Body("binary", b"\x00password=abcdefgh"), Body("present", b"\xff\xfe"), Body()):
        assert redactor.body(body) is body


def test_what_was_found_is_told():
    found = []
    Redactor(KEY, found.append).exchange(exchange())
    assert {(one.kind, one.what) for one in found if one.sure} == {
        ("secret", "api_key"),
        ("secret", "Authorization"),
        ("secret", "token"),
        ("personal", "an e-mail address"),
    }
    assert Found("secret", "pin", "4821", sure=False) in found


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Authorization", "value": f"Bearer {SECRET}"},
        {"key": "password", "value": SECRET},
        {"type": "secret", "key": "anything", "value": SECRET},
        {"auth": {"type": "apikey", "apikey": [{"key": "value", "value": SECRET}]}},
        {"headers": {"Authorization": [f"Bearer {SECRET}"]}},
        {"headers": {"Authorization": {"equalTo": f"Bearer {SECRET}"}}},
        {"cookies": [{"name": "theme", "value": SECRET}]},
        {"encoding": "base64", "text": base64.b64encode(f'{{"token":"{SECRET}"}}'.encode()).decode()},
        {"base64Body": base64.b64encode(f'{{"token":"{SECRET}"}}'.encode()).decode()},
        {"type": "Buffer", "data": list(f'{{"token":"{SECRET}"}}'.encode())},
        {"string": f'{{"token":"{SECRET}"}}'.encode()},
    ],
    ids=str,
)
def test_places_that_formats_have_for_secrets(value, redactor):
    made = redactor.json(value)
    assert made != value
    text = json.dumps(made, default=repr)
    assert SECRET not in text
    assert base64.b64encode(SECRET.encode()).decode()[:12] not in text
    assert made.keys() == value.keys()


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Accept", "value": SECRET},
        {"matchingRules": {"$.headers.Authorization": {"match": "regex", "regex": "Bearer .+"}}},
        {"noise": {"header.Authorization": ["^Bearer .+$"]}},
        {"type": "apikey", "apikey": [{"key": "in", "value": "header"}]},
        {"a": [1, None, True, 1.5, {"b": "c"}]},
        {"pin": True, "otp": None, "password": 3},
    ],
    ids=str,
)
def test_values_without_secrets_are_the_very_same(value, redactor):
    assert redactor.json(value) is value


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "token", "é"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(TREES, st.sampled_from([None, 1, 4]), st.booleans())
def test_splicing_gives_what_dumping_would(value, indent, ascii_only):
    def shout(old):
        if isinstance(old, str) and old:
            return f"{old}!é"
        if isinstance(old, dict):
            made = {key: shout(item) for key, item in old.items()}
            return old if all(made[key] is old[key] for key in old) else made
        if isinstance(old, list):
            made = [shout(item) for item in old]
            return old if all(a is b for a, b in zip(made, old, strict=True)) else made
        return old

    text = f" {json.dumps(value, indent=indent, ensure_ascii=ascii_only)}\n"
    old = json.loads(text)
    made = shout(old)
    spliced = spliced_json(text, old, made)
    assert json.loads(spliced) == made
    assert (spliced == text) == (made is old)
    assert spliced.count("\n") == text.count("\n")


def test_of_a_listed_cookie_only_the_value_goes(redactor):
    cookie = {"name": "session", "value": SECRET, "path": "/shop", "sameSite": "Lax", "domain": "a.test"}
    (made,) = redactor.json({"cookies": [cookie]})["cookies"]
    assert made == {**cookie, "value": made["value"]}
    assert made["value"] != SECRET


def test_cookies_by_name(redactor):
    made = redactor.json({"cookies": {"session": SECRET, "name": "theme-dark-1"}})["cookies"]
    assert made.keys() == {"session", "name"}
    assert not {SECRET, "theme-dark-1"} & set(made.values())
