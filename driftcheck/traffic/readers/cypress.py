"""Stubs in Cypress' tests: `cy.intercept` and `cy.route` with answers that are literals or fixtures.

The code is read and never run. Calls that only listen are none; answers that code computes are counted.
"""

from __future__ import annotations

import json
import mimetypes
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from driftcheck.traffic.exchange import Body, Exchange, Request, Response, Source, Unreadable
from driftcheck.traffic.readers import bodies
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.javascript import (
    Pattern,
    Unknown,
    UnreadableScriptError,
    script_of,
)
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.url_patterns import AnyCallError, globbed, unrolled

KIND = "cypress"
_MOST = 1 << 20  # characters; bundles are none of ours
_CALL = re.compile(r"cy\s*\.\s*(intercept|route)\s*(?:<[^()]*>\s*)?\(")
_REPLY = re.compile(r"\b\w+\s*\.\s*reply\s*(?=\()")
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_ANSWER = frozenset(
    "body fixture statusCode headers forceNetworkError delay delayMs throttleKbps log".split()
)
_COMPUTED = "the answer or the URL is computed"
_HOLDER = re.compile(r"\{\{[^{}]*\}\}")
_UNKNOWN = "{{unknown}}"


def has_stubs(path: Path) -> bool:
    """Whether a script holds such calls."""
    with open_text(path) as text:
        return _CALL.search(text.read(_MOST)) is not None


def read(path: Path, file: str) -> Iterator[Exchange | Unreadable]:
    """Every stub with an answer, in the order of the file."""
    with open_text(path) as stream:
        text = stream.read(_MOST + 1)
    if len(text) > _MOST:
        raise RecordingError("a script of more than a million characters")
    passed: Counter[str] = Counter()
    try:
        script = script_of(text)
        places = list(script.places(_CALL))
    except UnreadableScriptError:
        raise RecordingError("a script with a quote or bracket that is not closed") from None
    for found in places:
        line = text.count("\n", 0, found.start()) + 1
        try:
            given, _ = script.arguments(found.end() - 1)
            yield from _stubs(found[1], given, Source(file, KIND, line), path)
        except AnyCallError as reason:
            passed[str(reason)] += 1
        except RecordingError as problem:
            yield Unreadable(file, line, problem.why)
        except UnreadableScriptError:
            yield Unreadable(file, line, "a stub with a quote or bracket that is not closed")
    for why, count in sorted(passed.items()):
        yield Unreadable(file, None, f"{count} of the stubs: {why}", wrong=False)


def _stubs(name: str, given: list[Any], source: Source, path: Path) -> Iterator[Exchange]:
    matcher, answers = _intercepted(given) if name == "intercept" else _routed(given)
    if not answers:  # it only listens
        return
    request = _request(matcher)
    for answer in answers:
        response = _response(answer, request.url, path)
        if response is None:
            continue
        texts = [request.url, response.body.content.decode("utf-8", "replace")]
        texts += [value for _, value in (*request.headers, *response.headers)]
        yield Exchange(
            source=source,
            request=request,
            response=response,
            provenance="stub",
            consumer="Cypress",
            placeholders=tuple(dict.fromkeys(holder for text in texts for holder in _HOLDER.findall(text))),
        )


def _intercepted(given: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    """What is stubbed and how it is answered: (method?, url, matcher?, answer?) or (matcher, answer?)."""
    rest = list(given)
    matcher: dict[str, Any] = {}
    if len(rest) > 1 and isinstance(rest[0], str) and rest[0].upper() in _METHODS:
        matcher["method"] = rest.pop(0)
    if rest and isinstance(rest[0], str | Pattern | Unknown):
        matcher["url"] = rest.pop(0)
        if len(rest) > 1 and isinstance(rest[0], Mapping):
            matcher = {**rest.pop(0), **matcher}
    elif rest and isinstance(rest[0], Mapping):
        matcher = dict(rest.pop(0))
    return matcher, _answers(rest[0]) if rest else []


def _answers(handler: Any) -> list[Any]:
    """A handler's answers; a function may give several."""
    if not isinstance(handler, Unknown):
        return [handler]
    found = []
    script = script_of(handler.text)
    for call in script.places(_REPLY):
        given, _ = script.arguments(call.end())
        if given and isinstance(given[0], int):
            reply: dict[str, Any] = {"statusCode": given[0]}
            reply |= {"body": given[1]} if len(given) > 1 else {}
            reply |= {"headers": given[2]} if len(given) > 2 else {}
            found.append(reply)
        elif given and not _is_function(given[0]):
            found.append(given[0])
    if not found and not _is_function(handler):
        raise AnyCallError(_COMPUTED)
    return found


def _is_function(value: Any) -> bool:
    return (
        isinstance(value, Unknown)
        and re.match(r"(?:async\b\s*)?(?:function\b|\(|\w+\s*=>)", value.text) is not None
    )


def _routed(given: list[Any]) -> tuple[dict[str, Any], list[Any]]:
    """The same of `cy.route`: (url, answer?), (method, url, answer?) or (options)."""
    rest = list(given)
    if rest and isinstance(rest[0], Mapping):
        options = dict(rest[0])
        body = options.get("response")
        answer = {"statusCode": options.get("status", 200), **_old_answer(body)}
        return options, [answer] if "response" in options else []
    matcher: dict[str, Any] = {"method": "GET"}
    if len(rest) > 1 and isinstance(rest[0], str) and rest[0].upper() in _METHODS:
        matcher["method"] = rest.pop(0)
    matcher["url"] = rest.pop(0) if rest else None
    return matcher, [_old_answer(rest[0])] if rest else []


def _old_answer(body: Any) -> dict[str, Any]:
    if isinstance(body, str) and body.startswith(("fixture:", "fx:")):
        return {"fixture": body.partition(":")[2]}
    return {"body": body}


def _request(matcher: Mapping[str, Any]) -> Request:
    method = matcher.get("method", "ANY")
    if not isinstance(method, str):
        raise AnyCallError(_COMPUTED)
    wanted = next((matcher[name] for name in ("url", "pathname", "path") if name in matcher), None)
    if isinstance(wanted, Pattern):
        url = unrolled(wanted.text if wanted.text.startswith(("/", "\\/", "^")) else f"/{wanted.text}")
    elif isinstance(wanted, str):
        url = globbed(wanted)
    else:
        raise AnyCallError(_COMPUTED if wanted is not None else "the stub answers any URL")
    query = matcher.get("query")
    pairs = [f"{name}={_part(value)}" for name, value in query.items()] if isinstance(query, Mapping) else []
    if pairs:
        url += ("&" if "?" in url else "?") + "&".join(pairs)
    body = bodies.EMPTY if bodies.no_body(method) else bodies.ABSENT
    return Request("ANY" if method == "*" else method.upper(), url, (), body)


def _part(value: Any) -> str:
    return value if isinstance(value, str) and "*" not in value else _UNKNOWN


def _response(answer: Any, url: str, path: Path) -> Response | None:
    """None where the stub breaks the connection, or has nothing that can be read."""
    if isinstance(answer, Unknown):
        raise AnyCallError(_COMPUTED)
    if not isinstance(answer, Mapping) or (answer and not _ANSWER & set(answer)):
        answer = {"body": answer}
    if answer.get("forceNetworkError"):
        return None
    status = answer.get("statusCode", 200)
    given = answer.get("headers")
    headers = (
        tuple((name, _text(value)) for name, value in given.items()) if isinstance(given, Mapping) else ()
    )
    if not isinstance(status, int) or isinstance(status, bool):
        raise AnyCallError(_COMPUTED)
    media_type = bodies.header(headers, "content-type")
    if isinstance(answer.get("fixture"), str):
        return Response(status, headers, _fixture(answer["fixture"], media_type, path))
    if "body" not in answer or "fixture" in answer:
        return Response(status, headers, Body("absent", b"", media_type))
    return Response(status, headers, _body(answer["body"], media_type, url))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _UNKNOWN if isinstance(value, Unknown) else str(value)


def _body(value: Any, media_type: str, url: str) -> Body:
    if isinstance(value, Unknown):
        raise AnyCallError(_COMPUTED)
    if isinstance(value, str):
        return bodies.body_of(value, media_type or _guessed(value, url))
    text = json.dumps(_filled(value), ensure_ascii=False)
    return bodies.body_of(text, media_type or "application/json")


def _guessed(text: str, url: str) -> str:
    """Of a text without a media type: what it looks like, or what its URL ends with."""
    if text.lstrip()[:1] in ("{", "["):
        return "application/json"
    return mimetypes.guess_type(url.partition("?")[0])[0] or "text/plain"


def _filled(value: Any) -> Any:
    """A literal with placeholders for what is not known of it."""
    if isinstance(value, Mapping):
        return {name: _filled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value if not (isinstance(item, Unknown) and item.text == "...")]
    return _UNKNOWN if isinstance(value, Unknown | Pattern) else value


def _fixture(name: str, media_type: str, path: Path) -> Body:
    """A file of the nearest folder `fixtures`; its name may lack ".json" and have an encoding after it."""
    bare = name.partition(",")[0].strip()
    for parent in list(path.resolve().parents)[:8]:
        for folder in (parent / "fixtures", parent / "cypress" / "fixtures"):
            for file in (folder / bare, folder / f"{bare}.json"):
                if file.resolve().is_relative_to(folder) and file.is_file():
                    return _from_file(file, media_type)
    if _UNKNOWN in bare:
        raise AnyCallError(_COMPUTED)
    raise RecordingError("the fixture of a stub is not there")


def _from_file(file: Path, media_type: str) -> Body:
    if file.stat().st_size > bodies.MOST:
        return Body("external", b"", media_type)
    return bodies.body_of(file.read_bytes(), media_type or mimetypes.guess_type(file.name)[0] or "")
