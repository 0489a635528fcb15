"""Shell lines of what was sent."""

import pytest

from driftcheck.fuzz.command import command
from driftcheck.fuzz.outcome import Sent

MADE = Sent("POST", "/items", (("Content-Type", "application/json"),), b"{}")


def test_a_request_is_one_line():
    assert command(MADE) == (
        "curl -X POST \"$BASE_URL/items\" -H 'Content-Type: application/json' --data-raw '{}'"
    )


def test_calls_that_lead_there_come_first():
    gone = Sent("GET", "/items/1", before=(MADE, Sent("DELETE", "/items/1")))
    assert (
        command(gone) == f'{command(MADE)} && curl -X DELETE "$BASE_URL/items/1" && curl "$BASE_URL/items/1"'
    )


@pytest.mark.parametrize(
    ("header", "written"),
    [
        (("Authorization", None), '-H "Authorization: $AUTHORIZATION"'),
        (("X-Api-Key", None), '-H "X-Api-Key: $X_API_KEY"'),
        (("X-Empty", ""), "-H 'X-Empty;'"),
        (("X-Plain", "1"), "-H 'X-Plain: 1'"),
    ],
)
def test_headers(header, written):
    assert command(Sent("GET", "/", (header,))) == f'curl "$BASE_URL/" {written}'


def test_a_body_without_a_type_is_no_form():
    assert command(Sent("POST", "/", body=b"x")) == (
        'curl -X POST "$BASE_URL/" -H Content-Type: --data-raw x'
    )


def test_a_screenful_is_not_written():
    assert command(Sent("POST", "/", body=b"x" * 5000)) is None
    assert command(Sent("GET", "/1", before=(Sent("POST", "/", body=b"x" * 5000),))) is None
