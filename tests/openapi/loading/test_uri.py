"""Joining what a `$ref` says to the uri of the file it stands in."""

import pytest

from driftcheck.openapi.loading.uri import file_path, file_uri, git_path, join
from driftcheck.openapi.node import UnresolvedError


@pytest.mark.parametrize(
    ("base", "written", "uri"),
    [
        ("file:///a/b.yaml", "c.yaml", "file:///a/c.yaml"),
        ("file:///a/b.yaml", "./x/../c.yaml", "file:///a/c.yaml"),
        ("file:///a/b.yaml", "../c.yaml", "file:///c.yaml"),
        ("file:///a/b.yaml", "/c.yaml", "file:///c.yaml"),
        ("file:///a/b.yaml", "file:///c%20d.yaml", "file:///c d.yaml"),
        ("file:///a/b.yaml", "c%20d.yaml", "file:///a/c d.yaml"),
        ("file:///a/b.yaml", "x\\c.yaml", "file:///a/x/c.yaml"),
        ("file:///a/b.yaml", "https://host/c.yaml", "https://host/c.yaml"),
        ("git:0a1b:a/b.yaml", "c.yaml", "git:0a1b:a/c.yaml"),
        ("git:0a1b:a/b.yaml", "../c.yaml", "git:0a1b:c.yaml"),
        ("git:0a1b:b.yaml", "xy:z.yaml/../c.yaml", None),
        ("https://host/a/b.yaml", "c.yaml", "https://host/a/c.yaml"),
        ("https://host/a/b.yaml", "/c.yaml", "https://host/c.yaml"),
        ("https://host/a/b.yaml", "//other/c.yaml", "https://other/c.yaml"),
        ("https://host/a/b.yaml", "http://other/c.yaml", "http://other/c.yaml"),
    ],
)
def test_joins(base, written, uri):
    if uri is None:
        with pytest.raises(UnresolvedError, match="nothing is known about xy: addresses"):
            join(base, written, "ref")
    else:
        assert join(base, written, "ref") == uri


@pytest.mark.parametrize(
    ("base", "written", "reason"),
    [
        ("git:0a1b:a/b.yaml", "../../c.yaml", "leaves the repository"),
        ("git:0a1b:b.yaml", "/etc/passwd", "leaves the repository"),
        ("https://host/a.yaml", "file:///etc/passwd", "from the web may not read local files"),
        ("https://host/a.yaml", "git:0a1b:c.yaml", "nothing is known about git: addresses"),
        ("file:///a.yaml", "git:0a1b:c.yaml", "nothing is known about git: addresses"),
        ("file:///a.yaml", "data:text/plain,x", "nothing is known about data: addresses"),
    ],
)
def test_what_is_never_joined(base, written, reason):
    with pytest.raises(UnresolvedError, match=reason):
        join(base, written, "ref")


def test_paths_and_uris():
    assert file_path(file_uri("/a/b c.yaml")) == "/a/b c.yaml"
    assert file_path("https://host/a") is None
    assert git_path("git:0a1b:a:b.yaml") == "a:b.yaml"
    assert git_path("file:///a") is None
