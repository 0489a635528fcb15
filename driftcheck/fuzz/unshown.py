"""What the user gave and nobody may print: headers and credentials, also where the service echoes them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from driftcheck.difference import JSON
from driftcheck.fuzz.outcome import Problem, Sent

_SHORTEST = 6  # what is shorter is found in any text, and guessed anyway
_PUBLIC = ("accept", "content-", "user-agent")
_MASK = "***"


@dataclass(frozen=True, slots=True)
class Given:
    """`headers` by their names in lower case; `values` to be masked wherever they are, longest first."""

    headers: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()

    def hides(self, name: str, value: str) -> bool:
        """Whether this is what the user gave, and not what the engine tries in its place."""
        return self.headers.get(name.lower()) == value

    def text(self, text: str) -> str:
        """The text without the values."""
        for value in self.values:
            text = text.replace(value, _MASK)
        return text

    def problem(self, problem: Problem) -> Problem:
        """All of it that is shown."""
        if not self.values:
            return problem
        return replace(
            problem,
            sent=self._sent(problem.sent),
            expected=self._json(problem.expected),
            actual=self._json(problem.actual),
            value=self._json(problem.value),
            reason=self.text(problem.reason),
        )

    def _sent(self, sent: Sent) -> Sent:
        headers = tuple((name, value and self.text(value)) for name, value in sent.headers)
        body = sent.body and self.text(sent.body.decode("latin-1")).encode("latin-1")
        before = tuple(map(self._sent, sent.before))
        return replace(sent, target=self.text(sent.target), headers=headers, body=body, before=before)

    def _json(self, value: JSON) -> JSON:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self._json(each) for each in value]
        if isinstance(value, dict):
            return {self.text(str(name)): self._json(each) for name, each in value.items()}
        return value


def given(headers: Mapping[str, str], auth: tuple[str, str] | None) -> Given:
    """Of the options `--header` and `--auth`."""
    hidden = {name.lower(): value for name, value in headers.items()}
    told = [value for name, value in headers.items() if not name.lower().startswith(_PUBLIC)]
    values = {part for value in told for part in (value, value.rpartition(" ")[2])}
    if auth is not None:
        hidden["authorization"] = basic(auth)
        values |= {auth[1], basic(auth).rpartition(" ")[2]}
    return Given(hidden, _spelled(values))


def basic(auth: tuple[str, str]) -> str:
    """The value of Authorization (RFC 7617)."""
    return f"Basic {base64.b64encode(':'.join(auth).encode()).decode()}"


def _spelled(values: Iterable[str]) -> tuple[str, ...]:
    """Also as they stand in URLs."""
    long = [value for value in values if len(value) >= _SHORTEST]
    return tuple(sorted({*long, *(quote(value, safe="") for value in long)}, key=lambda value: -len(value)))
