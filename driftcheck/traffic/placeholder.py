"""What stands in place of a secret: of the same type and format, the same for the same value and key.

Checks of schemas and the joining of values across calls go on working; the value cannot be had back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

from driftcheck.traffic.secrets import HEX_MARK, MAILBOX, MARK, NULL_JWT

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
_JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,}")
_DIGITS = re.compile(r"\d(?:[ -]?\d)*")
_SCHEME = re.compile(r"(bearer|basic|token|digest|apikey|api-key|negotiate|key)\s+(?=\S)", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+")


def placeholder_for(key: bytes, value: str) -> str:
    """The stand-in of a text. Schemes stand (`Bearer …`), and e-mail, uuid, JWT, hex and digits stay such."""
    scheme = _SCHEME.match(value)
    if scheme:
        rest = value[scheme.end() :]
        if scheme.group(1).lower() == "basic":
            pair = f"{MARK}{_digest(key, rest)[:8]}:{MARK}{_digest(key, rest)[8:16]}"
            return scheme.group() + base64.b64encode(pair.encode()).decode()
        return scheme.group() + placeholder_for(key, rest)
    digest = _digest(key, value)
    for pattern, made in _FORMATS:
        if pattern.fullmatch(value):
            return made(value, digest)
    return f"{MARK}{digest[:8]}"


def number_for(key: bytes, value: int | float) -> int | float:
    """A number with as many digits, of the same sign, and a float with as many decimals."""
    digits = str(int(_digest(key, repr(value)), 16))
    whole, _, decimals = repr(abs(value)).partition(".")
    if isinstance(value, int) or not decimals.isdigit() or not whole.isdigit():
        made = int("1" + digits[: max(len(str(abs(int(value)))) - 1, 0)])
        return type(value)(-made if value < 0 else made)
    text = "1" + digits[: len(whole) - 1] + "." + digits[-len(decimals) :]
    return -float(text) if value < 0 else float(text)


def _digest(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _uuid(value: str, digest: str) -> str:
    made = f"{HEX_MARK}-{digest[8:12]}-{value[14]}{digest[13:16]}-{value[19]}{digest[17:20]}-{digest[20:32]}"
    return made.upper() if value.isupper() else made


def _hex(value: str, digest: str) -> str:
    made = (HEX_MARK + digest * (len(value) // len(digest) + 1))[: len(value)]
    return made.upper() if value.isupper() else made


def _jwt(value: str, digest: str) -> str:
    del value
    payload = base64.urlsafe_b64encode(f'{{"sub":"{MARK}{digest[:8]}"}}'.encode()).decode().rstrip("=")
    return f"{NULL_JWT}.{payload}.{digest[:43]}"


def _mailbox(value: str, digest: str) -> str:
    del value
    return f"{MARK}{digest[:8]}{MAILBOX}"


def _digits(value: str, digest: str) -> str:
    """Two zeros first: no card and no account begins so, and driftcheck knows its own again."""
    fresh = iter("00" + str(int(digest, 16)) * (len(value) // 60 + 1))
    return "".join(next(fresh) if character.isdigit() else character for character in value)


def _iban(value: str, digest: str) -> str:
    """The country stays; the check digits are 00, which no account has."""
    fresh = iter(str(int(digest, 16)))
    rest = "".join(
        next(fresh) if c.isdigit() else chr(65 + int(next(fresh))) if c.isalpha() else c for c in value[4:]
    )
    return f"{value[:2]}00{rest}"


def _url(value: str, digest: str) -> str:
    return f"{value.partition('://')[0]}://dc-redacted-{digest[:8]}.example.invalid/{MARK}{digest[:8]}"


_FORMATS: tuple[tuple[re.Pattern[str], Callable[[str, str], str]], ...] = (
    (_JWT, _jwt),
    (_UUID, _uuid),
    (_DIGITS, _digits),
    (_HEX, _hex),
    (_IBAN, _iban),
    (_MAILBOX, _mailbox),
    (_URL, _url),
)
