"""URLs as they may be shown: without a credential."""

import pytest

from driftcheck.openapi.loading.web import is_url, join_urls, masked, origin, without_user


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://host/a.yaml", "https://host/a.yaml"),
        ("https://host:8080/a?page=1&size=2", "https://host:8080/a?page=1&size=2"),
        ("https://user:secret@host/a", "https://***@host/a"),
        ("https://token@host/a", "https://***@host/a"),
        ("https://us%40er:p%40ss@host/a", "https://***@host/a"),
        ("https://a@b@host/a", "https://***@host/a"),
        ("https://host/a?token=abc", "https://host/a?token=***"),
        ("https://host/a?x=1&api_key=abc", "https://host/a?x=1&api_key=***"),
        ("https://host/a?X-Amz-Signature=abc", "https://host/a?X-Amz-Signature=***"),
        ("https://host/a?access_token=abc&apikey=d", "https://host/a?access_token=***&apikey=***"),
        ("https://host/a?monkeys=1&keyword=2", "https://host/a?monkeys=1&keyword=2"),
        ("https://host/a#fragment", "https://host/a"),
        ("https://user:secret@[::1/a", "(not a valid URL)"),
        ("https://user:secret@host:port/a", "(not a valid URL)"),
    ],
)
def test_masks(url, shown):
    assert masked(url) == shown


def test_parts():
    assert without_user("https://u:p@host:1/a?b") == "https://host:1/a?b"
    assert origin("HTTPS://u:p@Host:1/a") == ("https", "host:1")
    assert is_url("HTTP://x")
    assert not is_url("ftp://x")
    assert not is_url("httpx://x")


def test_joining_never_fails():
    assert join_urls("https://host/a/b", "c") == "https://host/a/c"
    assert join_urls("https://host/a", "//[::1") == "//[::1"
    assert origin("https://[::1/a") == ("", "https://[::1/a")
