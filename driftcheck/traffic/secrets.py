"""What in a recording is secret or personal: by the name it stands under, and by its shape anywhere in text.

False alarms make people switch a scanner off: a name alone is not enough, the value must look the part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["secret", "personal"]
MARK = "dc_redacted_"
NULL_JWT = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}: how a redacted JWT begins
HEX_MARK = "dc4edac7"  # how a redacted uuid or hex text begins
MAILBOX = "@example.invalid"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Names as their words run together: as a whole, and as the end of a longer one ("x-my-api-key").
_ALONE = frozenset(
    "authorization token jwt password passwd passphrase passcode pwd pw secret otp totp pin cvv cvc cvv2 ssn"
    " session sessionid phpsessid jsessionid apikey csrf xsrf sig signature credential credentials".split()
)
_ENDINGS = tuple(
    "authorization apikey apisecret secretkey privatekey accesskey signingkey encryptionkey masterkey"
    " sharedkey subscriptionkey sessionid sessionkey securitycode password passwd passphrase passcode"
    " secret".split()
)
_NO_TOKENS = frozenset(
    "page next previous prev continuation cursor sync pagination postman delimiter resume start end"
    " idempotency unit separator stop first last".split()
)
# `hasPassword`, `min_password`: something about a secret.
_ABOUT = frozenset("has is had needs require requires use uses show hide min max allow enable no".split())
_DIGITS_ONLY = frozenset("pin otp totp cvv cvc cvv2 ssn securitycode".split())
_LONG_ONLY = frozenset("sig signature session credential credentials csrf xsrf".split())
_ADDRESS = re.compile(r"https?://[^/@\s]+(?:/|$)", re.IGNORECASE)  # without a password in it
_SCHEME = re.compile(r"^(?:bearer|basic|token|digest|apikey|api-key|negotiate)\s+", re.IGNORECASE)
_SESSIONS = re.compile(r"sess|sid|token|auth|jwt|csrf|xsrf|login|remember|identity|\bid_", re.IGNORECASE)
_UNREAL = re.compile(
    r"\{\{.*\}\}|\$\{.*\}|\$[A-Z_]+|<.*>|\[.*\]|%\w+%|[*•x.#_\-]+|.*(?:redacted|filtered|masked|hidden|omitted|scrubbed"
    r"|removed|changeme|change_me|placeholder|dummy|example).*|your[-_ ].*|(?:bearer|basic|token|apikey)"
    r"|string|null|none|nil|true|false|undefined|test|testing|secret|password|text|header|query|cookie|required"
    r"|optional|unset|default|any|\d{1,2}",
    re.IGNORECASE | re.DOTALL,
)


def words_of(name: str) -> list[str]:
    """`X-Api-Key`, `apiKey` and `api_key` in lower-case words."""
    return [word.lower() for word in _WORD.findall(name)]


@lru_cache(maxsize=4096)
def secret_name(name: str) -> str:
    """The name without its decoration where it stands for a secret, else empty."""
    if len(name) > 80:
        return ""
    words = words_of(name)
    joined = "".join(words)
    if joined in _ALONE:
        return joined
    if not words or _NO_TOKENS & set(words):
        return ""
    if words[0] in _ABOUT:
        return ""
    if len(words) > 1 and (words[-1] in ("token", "jwt", "sessionid") or words[-1] in _DIGITS_ONLY):
        return joined
    return joined if any(joined.endswith(ending) for ending in _ENDINGS) else ""


def plausible(name: str, value: str) -> bool:
    """Whether a text under a secret name is a secret, and not a type, an example or a placeholder."""
    bare = _SCHEME.sub("", value.strip())
    if not bare or is_redacted(bare) or _UNREAL.fullmatch(bare):
        return False
    if any(name.endswith(word) for word in _DIGITS_ONLY):
        digits = value.replace("-", "").replace(" ", "")
        return digits.isdigit() and 3 <= len(digits) <= 9
    if _ADDRESS.match(bare):
        return False
    if name in _LONG_ONLY or name.endswith("sessionid"):
        return len(value) >= 16 and " " not in value
    if name.endswith(("token", "key", "apikey", "jwt")):
        return len(value) >= 8 and (" " not in value or value.count(" ") == 1)
    return len(value) >= 3


def session_cookie(name: str, value: str) -> bool:
    """Whether a cookie surely carries a session, as opposed to a preference or a counter."""
    if not value or is_redacted(value) or _UNREAL.fullmatch(value):
        return False
    return len(value) >= 8 and bool(_SESSIONS.search(name))


def is_redacted(value: str) -> bool:
    """Whether driftcheck made this value."""
    return (
        MARK in value
        or value.endswith(MAILBOX)
        or value.lower().startswith((HEX_MARK, NULL_JWT.lower()))
        or (value.startswith("00") and re.sub(r"[ -]", "", value).isdigit())
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """A text that is secret or personal wherever it stands. `signs`: one of them occurs in every match."""

    what: str
    kind: Kind
    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool


def _is_real_jwt(text: str) -> bool:
    return not text.startswith(NULL_JWT)


def _is_real_key(text: str) -> bool:
    return "EXAMPLE" not in text and len(set(text)) > 8


def _is_mailbox(text: str) -> bool:
    domain = text.rpartition("@")[2].lower()
    ending = domain.rpartition(".")[2]
    if ending in (
        "test",
        "invalid",
        "example",
        "localhost",
        "local",
        "png",
        "jpg",
        "svg",
        "gif",
        "js",
        "css",
    ):
        return False
    return not re.search(
        r"(?:^|\.)example\.(?:com|org|net)$|(?:^|\.)(?:test|foo|bar|domain|mail)\.com$", domain
    )


_TEST_CARDS = frozenset(
    "4111111111111111 4242424242424242 4000056655665556 5555555555554444 2223003122003222 5200828282828210"
    " 5105105105105100 378282246310005 371449635398431 6011111111111117 6011000990139424 4012888888881881"
    " 4222222222222 4000000000000002 3530111333300000 30569309025904 38520000023237".split()
)


def _is_card(text: str) -> bool:
    """A brand's prefix and length, and Luhn's check digit; not the numbers that everybody tests with."""
    digits = re.sub(r"[ -]", "", text)
    brand = re.fullmatch(r"4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}", digits)
    if not brand or digits in _TEST_CARDS or len(set(digits)) < 4:
        return False
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the check digits hold, and it is none of the well-known examples."""
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34 or bare in ("DE89370400440532013000", "GB82WEST12345698765432"):
        return False
    number = "".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])
    return int(number) % 97 == 1


_KEYS = (
    ("an AWS access key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", ("ghp_", "gho_", "ghs_", "ghu_", "ghr_"), r"\bgh[posur]_[A-Za-z0-9]{36,}\b"),
    ("a GitHub token", ("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
    ("a GitLab token", ("glpat-",), r"\bglpat-[\w-]{20,}"),
    ("a Slack token", ("xoxb-", "xoxp-", "xoxa-", "xoxs-", "xoxr-"), r"\bxox[abprs]-[\w-]{10,}"),
    ("a Slack webhook", ("hooks.slack.com",), r"hooks\.slack\.com/services/T\w+/B\w+/\w{16,}"),
    (
        "a Stripe key",
        ("sk_live_", "rk_live_", "sk_test_", "whsec_"),
        r"\b(?:[sr]k_(?:live|test)|whsec)_\w{16,}",
    ),
    ("a Google API key", ("AIza",), r"\bAIza[\w-]{35}"),
    ("a Google OAuth token", ("ya29.",), r"\bya29\.[\w-]{20,}"),
    ("a SendGrid key", ("SG.",), r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    ("an npm token", ("npm_",), r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a PyPI token", ("pypi-AgE",), r"\bpypi-AgE[\w-]{50,}"),
    ("an API key", ("sk-",), r"\bsk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{32,}"),
    ("a Postman key", ("PMAK-",), r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b"),
    ("a DigitalOcean token", ("do_v1_", "op_v1_"), r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    ("a Shopify token", ("shpat_", "shpss_"), r"\bshp(?:at|ss)_[0-9a-fA-F]{32}\b"),
    ("an Azure storage key", ("AccountKey=",), r"AccountKey=[A-Za-z0-9+/]{64,}={0,2}"),
    (
        "a private key",
        ("PRIVATE KEY-",),
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    ),
)

SHAPES: tuple[Shape, ...] = (
    Shape(
        "a JWT",
        "secret",
        ("eyJ",),
        re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"),
        _is_real_jwt,
    ),
    Shape(
        "a bearer token",
        "secret",
        ("earer ",),
        re.compile(r"\b[Bb]earer (?=[^\s\"']*\d)[\w.~+/-]{20,}=*"),
        lambda text: not is_redacted(text.partition(" ")[2]),
    ),
    *(Shape(what, "secret", signs, re.compile(text, re.DOTALL), _is_real_key) for what, signs, text in _KEYS),
    Shape(
        "an e-mail address",
        "personal",
        ("@",),
        re.compile(r"(?<![\w.+%-])[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\b"),
        _is_mailbox,
    ),
    Shape(
        "a card number",
        "personal",
        (),
        re.compile(r"(?<![\w.\-])(?:\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|\d{15,16})(?![\w\-]|\.\d)"),
        _is_card,
    ),
    Shape(
        "an IBAN",
        "personal",
        (),
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
        _is_iban,
    ),
)


_SIGN = re.compile(
    "|".join(re.escape(sign) for shape in SHAPES for sign in shape.signs)
    + r"|\d{4}[ -]?\d{4}[ -]?\d{4}|[A-Z]{2}\d{2} ?[A-Z0-9]{4}"
)


# In lower case. Whatever is replaced stands near one of these, or has a shape, or is packed.
_HINTS = (
    "auth", "token", "jwt", "pass", "pwd", "secret", "otp", "pin", "cvv", "cvc", "ssn", "session", "sid",
    "key", "csrf", "xsrf", "sig", "credential", "cookie", "securitycode", "security_code", "base64",
    "buffer", "@", "!!binary", "code=", "state=",
)  # fmt: skip


def may_hold(text: str) -> bool:
    """Whether a part of a file can hold anything to replace: a quick look that errs on the safe side."""
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS) or _SIGN.search(text) is not None


def shapes_in(text: str) -> Iterator[Shape]:
    """The shapes that may occur in a text, by their signs, which is much faster than looking for them."""
    if len(text) < 6 or not _SIGN.search(text):
        return
    for shape in SHAPES:
        if not shape.signs or any(sign in text for sign in shape.signs):
            yield shape
