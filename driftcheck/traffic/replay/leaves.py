"""One value of a recorded answer, and whether the value that came in its place will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from driftcheck.traffic.replay import kinds
from driftcheck.traffic.replay.chain import Chain
from driftcheck.traffic.values import kind_of as type_of


@dataclass(frozen=True, slots=True)
class Leaf:
    """`known` is what the recorded value is in this run, where that is known: then nothing else will do."""

    name: str
    known: Any
    recorded: Any
    created: bool

    @property
    def kind(self) -> str | None:
        """Why the value may vary; None where it may not."""
        if self.known is not None:
            return None
        if kinds.is_unknown(self.recorded):
            return "redacted"
        kind = kinds.kind_of(self.name, self.recorded)
        if kind is None and self.created and kinds.is_new_id(self.name, self.recorded):
            return "new id"
        return kind

    def meets(self, given: Any) -> bool:
        """Whether a value will do."""
        if self.known is not None:
            return type_of(given) == type_of(self.known) and bool(given == self.known)
        kind = self.kind
        if kind == "redacted":
            return isinstance(given, str)
        if kind == "new id":
            return kinds.is_new_id(self.name, given) and type_of(given) == type_of(self.recorded)
        if kind is not None:
            return kinds.is_of(kind, self.name, self.recorded, given)
        return type_of(given) == type_of(self.recorded) and bool(given == self.recorded)


def same_link(chain: Chain, recorded: Any, given: Any, *, created: bool) -> bool:
    """Whether two links lead to the same, as far as is known; to what is new, ids in them may be new."""
    if not isinstance(recorded, str) or not isinstance(given, str) or "/" not in recorded:
        return False
    meant = chain.text(recorded)
    if meant == given:
        return True
    old, new = meant.split("/"), given.split("/")
    if not created or len(old) != len(new) or len(old) < 2:
        return False
    return all(a == b or _ids(unquote(a), unquote(b)) for a, b in zip(old, new, strict=True))


def _ids(old: str, new: str) -> bool:
    if old.isdigit() and new.isdigit():
        return True
    kind = kinds.kind_of("id", old)
    return kind in kinds.IDENTITIES and kinds.kind_of("id", new) == kind
