"""Which version a document is of, and the errors for what is no OpenAPI document."""

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.version import is_newer, version_of


@pytest.mark.parametrize(
    ("data", "version"),
    [
        ({"swagger": "2.0"}, "2.0"),
        ({"swagger": 2.0}, "2.0"),
        ({"swagger": 2}, "2.0"),
        ({"openapi": "3.0.0"}, "3.0"),
        ({"openapi": "3.0.3"}, "3.0"),
        ({"openapi": "3.0.0-rc2"}, "3.0"),
        ({"openapi": 3.0}, "3.0"),
        ({"openapi": 3.1}, "3.1"),
        ({"openapi": "3.1"}, "3.1"),
        ({"openapi": " 3.1.1 "}, "3.1"),
        ({"openapi": "3.2.0"}, "3.2"),
        ({"openapi": "3.3.0"}, "3.2"),
        ({"openapi": "3.10.0"}, "3.2"),
        ({"openapi": "3.0.0", "swagger": "2.0"}, "3.0"),
    ],
)
def test_versions(data, version):
    assert version_of(data, "s") == version


@pytest.mark.parametrize(
    ("value", "newer"), [("3.2.0", False), ("3.3.0", True), ("3.10", True), (3.1, False)]
)
def test_versions_that_are_newer_than_what_is_known(value, newer):
    assert is_newer({"openapi": value}) is newer


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "s holds a list, not an OpenAPI document"),
        ("x", "s holds text, not"),
        (None, "s holds nothing, not"),
        (1, "s holds a single value, not"),
        ({}, "it has no `openapi` or `swagger` at the top level"),
        ({"paths": {}}, "it has no `openapi`"),
        ({"asyncapi": "2.0.0"}, "it is an AsyncAPI document"),
        ({"swaggerVersion": "1.2"}, "it is a Swagger 1.x document"),
        ({"$schema": "x", "type": "object"}, "it is a JSON Schema"),
        ({"openapi": "4.0.0"}, "the value of `openapi` is `4.0.0`"),
        ({"openapi": "2.0"}, "the value of `openapi` is `2.0`"),
        ({"swagger": "1.2"}, "the value of `swagger` is `1.2`"),
        ({"swagger": "3.0.0"}, "the value of `swagger` is `3.0.0`"),
        ({"openapi": "latest"}, "the value of `openapi` is `latest`"),
        ({"openapi": None}, "the value of `openapi` is of an unexpected kind"),
        ({"openapi": True}, "of an unexpected kind"),
        ({"openapi": {"version": "3"}}, "of an unexpected kind"),
        ({"openapi": "\x1b[31m"}, r"`\x1b[31m`"),
        ({"openapi": "9" * 100}, "which is no version driftcheck reads"),
    ],
)
def test_everything_else_is_refused_by_name(data, message):
    with pytest.raises(DriftcheckError) as caught:
        version_of(data, "s")
    assert message in caught.value.message
    assert caught.value.hint


def test_a_document_without_version_is_told_what_to_add():
    with pytest.raises(DriftcheckError) as caught:
        version_of({"paths": {}}, "s")
    assert 'openapi: "3.0.3"' in caught.value.hint
