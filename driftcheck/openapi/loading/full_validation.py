"""openapi-spec-validator over a document, with files read through the document's own `fetch` only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from driftcheck.openapi.loading.uri import file_uri, git_path
from driftcheck.openapi.node import Document, UnresolvedError, escape

_CRASHES = (LookupError, TypeError, ValueError, AttributeError, RecursionError, UnresolvedError)


def validator_errors(document: Document) -> Iterator[tuple[str, str]]:
    """JSON pointer and message of everything openapi-spec-validator finds; it may crash on broken specs."""
    import openapi_spec_validator as osv
    from jsonschema_path import SchemaPath
    from referencing.exceptions import Unresolvable

    classes = {
        "2.0": osv.OpenAPIV2SpecValidator,
        "3.0": osv.OpenAPIV30SpecValidator,
        "3.1": osv.OpenAPIV31SpecValidator,
        "3.2": osv.OpenAPIV32SpecValidator,
    }

    def handler(uri: str) -> Any:
        return document.fetch(_own(document, uri), uri).data

    schemes = ("file", "http", "https", "<all_urls>")
    try:
        root = SchemaPath.from_dict(
            document.root.data, base_uri=_base(document), handlers=dict.fromkeys(schemes, handler)
        )
        for error in classes[document.version](root).iter_errors():
            path = "".join(f"/{escape(str(token))}" for token in error.absolute_path)
            yield path, str(error.message)
    except (*_CRASHES, Unresolvable) as error:
        yield "", f"openapi-spec-validator stopped early: {type(error).__name__}: {error}"


def _base(document: Document) -> str:
    """The root's uri in a form that relative references can be joined to."""
    inside = git_path(document.root.uri)
    return document.root.uri if inside is None else file_uri("/" + inside)


def _own(document: Document, uri: str) -> str:
    """The document's own name for a uri that was joined to `_base`."""
    inside = git_path(document.root.uri)
    if inside is None or not uri.startswith("file:///"):
        return uri
    return document.root.uri[: len(document.root.uri) - len(inside)] + uri.removeprefix("file:///")
