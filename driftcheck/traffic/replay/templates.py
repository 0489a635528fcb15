"""What stands for the placeholders of Keploy's test sets: values of their config.yaml and secret.yaml.

Only a replay looks them up, since checks need no values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from driftcheck.traffic.exchange import Body, Exchange, Headers
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.yaml_parts import Part, parsed

_PLACEHOLDER = re.compile(r"\{\{\s*(?:string|int|float)\s+\.([\w.]+)\s*\}\}")
_MOST = 1 << 22  # characters


def filled(item: Exchange) -> Exchange:
    """The call with what its test set says of its placeholders; those that it does not know stay."""
    if item.source.kind != "keploy" or not item.placeholders:
        return item
    values = _values(Path(item.source.file).parent.parent)
    known = {text: value for text in item.placeholders if (value := _looked_up(text, values)) is not None}
    if not known:
        return item
    request, response = item.request, item.response
    request = replace(
        request,
        url=_in(request.url, {text: quote(value, safe="") for text, value in known.items()}),
        headers=_headers(request.headers, known),
        body=_body(request.body, known),
    )
    if response is not None:
        response = replace(
            response, headers=_headers(response.headers, known), body=_body(response.body, known)
        )
    left = tuple(text for text in item.placeholders if text not in known)
    return replace(item, request=request, response=response, placeholders=left)


@lru_cache(maxsize=64)
def _values(folder: Path) -> Mapping[str, Any]:
    """The values of a test set: those of `template`, and under `secret` those of secret.yaml."""
    config = _table(_read(folder / "config.yaml"))
    secret = _table(config.get("secret")) | _table(_read(folder / "secret.yaml"))
    return {**_table(config.get("template")), "secret": secret}


def _read(file: Path) -> Any:
    try:
        with open_text(file) as text:
            return parsed(Part(text.read(_MOST), 1))
    except (OSError, RecordingError):
        return None


def _table(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _looked_up(placeholder: str, values: Mapping[str, Any]) -> str | None:
    found = _PLACEHOLDER.fullmatch(placeholder)
    value: Any = values if found else None
    for name in found[1].split(".") if found else ():
        value = value.get(name) if isinstance(value, Mapping) else None
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _in(text: str, known: Mapping[str, str]) -> str:
    for placeholder, value in known.items():
        text = text.replace(placeholder, value)
    return text


def _headers(headers: Headers, known: Mapping[str, str]) -> Headers:
    return tuple((name, _in(value, known)) for name, value in headers)


def _body(body: Body, known: Mapping[str, str]) -> Body:
    """In JSON a value is escaped as its texts are."""
    if body.state != "present" or b"{{" not in body.content:
        return body
    if "json" in body.media_type.lower() or body.content.lstrip()[:1] in (b"{", b"["):
        known = {text: json.dumps(value)[1:-1] for text, value in known.items()}
    text = _in(body.content.decode("utf-8", "surrogateescape"), known)
    return replace(body, content=text.encode("utf-8", "surrogateescape"))
