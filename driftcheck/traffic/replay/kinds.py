"""Values that vary from run to run by their nature: told by format, and for numbers by their name as well.

Such a value is not compared; that it is there, of its type and in its format, is asserted all the same.
"""

from __future__ import annotations

import re
from typing import Any

from driftcheck.renaming.words import singular, words
from driftcheck.traffic.secrets import is_redacted, secret_name

_FORMATS = (
    ("uuid", re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)),
    (
        "timestamp",
        re.compile(
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)? ?(?:Z|[+-]\d\d:?(?:\d\d)?)?", re.IGNORECASE
        ),
    ),
    ("timestamp of HTTP", re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")),
    ("ulid", re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")),
    ("hexadecimal id", re.compile(r"(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])(?:[0-9a-f]{8}){2,16}")),
    ("JWT", re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")),
    ("duration", re.compile(r"P(?=.)(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?")),
    ("duration", re.compile(r"\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|sec|seconds|milliseconds)")),
    ("token", re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[\w.~+/=-]{16,}")),
)
_BY_NAME = ("token",)  # a format that says too little by itself
_TOKENS = frozenset("token nonce etag hash cursor signature csrf state session".split())
_TIMES = frozenset(
    "at time timestamp ts date created updated modified expires expiry iat exp nbf now epoch".split()
)
_DURATIONS = frozenset("duration elapsed took latency uptime runtime".split())
_COUNTERS = frozenset("counter sequence seq serial hits visits views".split())
_IDS = frozenset("id uuid guid ulid key number no code ref reference slug handle".split())
_EPOCHS = ((1e9, 4.2e9), (1e12, 4.2e12), (1e15, 4.2e15))  # seconds, milliseconds, microseconds since 1970

IDENTITIES = frozenset({"uuid", "ulid", "hexadecimal id", "JWT", "token"})
NUMBERS = frozenset({"timestamp in numbers", "duration", "counter"})


def kind_of(name: str, value: Any) -> str | None:
    """What kind of varying value this is; None for one that must stay as it was recorded."""
    if isinstance(value, str):
        return _of_text(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    spoken = set(words(name))
    if spoken & _TIMES and any(low <= value < high for low, high in _EPOCHS):
        return "timestamp in numbers"
    if spoken & _DURATIONS and value >= 0:
        return "duration"
    return "counter" if isinstance(value, int) and spoken & _COUNTERS and value >= 0 else None


def _of_text(name: str, value: str) -> str | None:
    for kind, pattern in _FORMATS:
        if pattern.fullmatch(value) and (
            kind not in _BY_NAME or set(words(name)) & _TOKENS or secret_name(name)
        ):
            return kind
    return None


def is_unknown(value: Any) -> bool:
    """Whether the recorded value was redacted, so that nobody can compare with it."""
    return isinstance(value, str) and is_redacted(value)


def is_id(name: str) -> bool:
    """Whether a name is that of something by which a thing is known."""
    spoken = words(name)
    return bool(spoken) and spoken[-1] in _IDS


def resource(name: str, around: str) -> str:
    """What a field identifies: `order_id` an order; `id` what it stands in (`around`)."""
    spoken = [word for word in words(name) if word not in _IDS]
    return singular(spoken[-1]) if spoken else _singular_of(around)


def _singular_of(name: str) -> str:
    spoken = words(name)
    return singular(spoken[-1]) if spoken else ""


_MADE = re.compile(r"(?=.*\d)[\w.:~-]*[A-Za-z_-][\w.:~-]*|\d+")


def is_new_id(name: str, value: Any) -> bool:
    """Whether this may be the id of something that was just made: a whole number, or a text with digits."""
    if not is_id(name) or isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and _MADE.fullmatch(value) is not None)


def is_of(kind: str | None, name: str, recorded: Any, given: Any) -> bool:
    """Whether a value has the kind that the recorded one has, or that a rule of noise demands."""
    if kind is None or kind == "any":
        return True
    if kind == "counter":
        return isinstance(given, int) and not isinstance(given, bool)
    if kind == "duration" and isinstance(given, int | float) and not isinstance(given, bool):
        return given >= 0
    if kind == "timestamp" and isinstance(given, int | float) and not isinstance(given, bool):
        return isinstance(recorded, int | float) and any(low <= given < high for low, high in _EPOCHS)
    found = kind_of(name, given)
    return found is not None and found.startswith(kind)
