"""What a source names: nothing is read, and a file that exists always wins."""

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.source import App, File, InRevision, Stdin, Url, classify


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("-", Stdin()),
        ("openapi.yaml", File("openapi.yaml")),
        ("./a/b.json", File("./a/b.json")),
        ("/a/b.json", File("/a/b.json")),
        ("C:\\specs\\a.yaml", File("C:\\specs\\a.yaml")),
        ("c:/specs/a.yaml", File("c:/specs/a.yaml")),
        ("file:///a/b%20c.yaml", File("/a/b c.yaml")),
        ("http://host/x", Url("http://host/x")),
        ("HTTPS://host:8080/x", Url("HTTPS://host:8080/x")),
        ("main:openapi.yaml", InRevision("main", "openapi.yaml")),
        ("HEAD~1:./a/b.yaml", InRevision("HEAD~1", "./a/b.yaml")),
        ("origin/main:a/b.yaml", InRevision("origin/main", "a/b.yaml")),
        (":openapi.yaml", InRevision("", "openapi.yaml")),
        ("v1.0:a:b.yaml", InRevision("v1.0", "a:b.yaml")),
        ("v1:openapi", InRevision("v1", "openapi")),
        ("application:app", App("application", "app", False)),
        ("package.module:app", App("package.module", "app", False)),
        ("application:Holder.app", App("application", "Holder.app", False)),
        ("nowhere:create_app()", App("nowhere", "create_app", True)),
        ("application:openapi.yaml", InRevision("application", "openapi.yaml")),
        ("application:openapi.json", InRevision("application", "openapi.json")),
        ("json:loads", App("json", "loads", False)),
    ],
)
def test_sources(write, written, source):
    write({"application.py": "", "package/__init__.py": "", "package/module.py": ""})
    assert classify(written) == source


def test_a_file_that_exists_is_never_a_revision_or_an_application(write):
    write({"main:openapi.yaml": "", "json:loads": ""})
    assert classify("main:openapi.yaml") == File("main:openapi.yaml")
    assert classify("json:loads") == File("json:loads")


def test_a_module_is_looked_for_and_not_imported(write):
    write({"explosive.py": "raise SystemExit(3)"})
    assert classify("explosive:app") == App("explosive", "app", False)


def test_a_revision_without_path_is_an_error():
    with pytest.raises(DriftcheckError, match="main: names no file"):
        classify("main:")


def test_a_name_that_no_file_can_have_is_a_file_that_is_not_there():
    assert classify("a\0:b c") == InRevision("a\0", "b c")
