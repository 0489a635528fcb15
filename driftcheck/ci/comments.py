"""One comment in a pull request that is written anew on each push, over GitHub's REST interface.

It is known by its first line; a comment of a stranger that begins like it is left alone.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

_SECONDS = 20
_A_PAGE = 100
_MOST_PAGES = 50
_TRIES = 3
_MOST_BYTES = 32_000_000
_OURS = ("OWNER", "MEMBER", "COLLABORATOR")


class Refused(Exception):
    """The server does not let us, as with the token of a fork."""


class Failed(Exception):
    """The server did not answer, or not in a way that is understood."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one pull request. The token is sent to `api` only, and never shown."""

    api: str
    repository: str
    number: int
    token: str = field(repr=False)

    @property
    def _issues(self) -> str:
        return f"{self.api.rstrip('/')}/repos/{self.repository}/issues"

    def put(self, text: str, *, create: bool) -> str:
        """Write the comment that begins with the first line of `text`: "created", "updated" or "none".

        Without `create` there is only something to do if there is one already. Refused, Failed.
        """
        found = self._find(text.split("\n", 1)[0])
        if found is not None:
            self._ask("PATCH", f"{self._issues}/comments/{found}", {"body": text})
            return "updated"
        if not create:
            return "none"
        self._ask("POST", f"{self._issues}/{self.number}/comments", {"body": text})
        return "created"

    def _find(self, marker: str) -> int | None:
        for comment in self._comments():
            body, number = comment.get("body"), comment.get("id")
            if not isinstance(body, str) or not isinstance(number, int) or not _by_us(comment):
                continue
            if body.split("\n", 1)[0].rstrip("\r") == marker:
                return number
        return None

    def _comments(self) -> Iterator[Mapping[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            answer = self._ask("GET", f"{self._issues}/{self.number}/comments?per_page={_A_PAGE}&page={page}")
            if not isinstance(answer, list):
                raise Failed("the server's list of comments is no list")
            yield from (comment for comment in answer if isinstance(comment, dict))
            if len(answer) < _A_PAGE:
                return

    def _ask(self, method: str, url: str, body: Mapping[str, str] | None = None) -> Any:
        """The answer as JSON. What reads is tried again; what writes is not, or there might be two."""
        for tried in range(1, _TRIES + 1):
            try:
                return self._once(method, url, body)
            except urllib.error.HTTPError as error:
                if error.code in (401, 403, 404):
                    raise Refused(f"status {error.code}") from None
                if method == "POST" or error.code < 500 or tried == _TRIES:
                    raise Failed(f"status {error.code}") from None
            except (OSError, HTTPException, ValueError) as error:
                if method == "POST" or tried == _TRIES:
                    raise Failed(str(error) or type(error).__name__) from None
            time.sleep(tried)
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, url: str, body: Mapping[str, str] | None) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "driftcheck",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        data = None if body is None else json.dumps(body).encode("ascii")
        request = urllib.request.Request(url, data, headers, method=method)
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read(_MOST_BYTES))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the token elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _by_us(comment: Mapping[str, Any]) -> bool:
    """By a bot (the token of a workflow), or by somebody who may push, whose token it then is."""
    user = comment.get("user")
    bot = isinstance(user, dict) and user.get("type") == "Bot"
    return bot or comment.get("author_association") in _OURS
