"""Decides which response of the old description is to be compared with which of the new one.

What counts is the response that a status gets: its own, else its range's ("4XX"), else `default`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from driftcheck.openapi.model import Response

Agree = Callable[[Response, Response], bool]


@dataclass(frozen=True, slots=True)
class Paired:
    """`pairs` to compare (old, new), what is `gone`, and what is `fresh` and was not promised before."""

    pairs: list[tuple[Response, Response]]
    gone: list[Response]
    fresh: list[Response]


def is_success(status: str, others: Mapping[str, Response]) -> bool:
    """2xx; where an operation has none, also redirects, and `default` where it has nothing else."""
    if status.startswith("2"):
        return True
    if any(other.startswith("2") for other in others):
        return False
    return status.startswith("3") or (
        status == "default" and not any(other.startswith("3") for other in others)
    )


def pair_responses(
    old: Mapping[str, Response], new: Mapping[str, Response], sent: bool, agree: Agree
) -> Paired:
    """`agree` says whether two responses certainly carry the same; it settles what `default` stands for.

    `sent`: the consumer is the one who answers, so that one status of a range does not stand for all.
    """
    paired = Paired([(response, new[status]) for status, response in old.items() if status in new], [], [])
    for status, response in old.items():
        if status not in new and not _has_heir(status, response, old, new, sent, agree):
            paired.gone.append(response)
    for status, response in new.items():
        if status not in old:
            _place_new(status, response, old, new, paired)
    for status, response in old.items():
        wider = new.get(range_of(status))
        if status not in new and wider is not None:
            paired.pairs.append((response, wider))
    return paired


def range_of(status: str) -> str:
    """The range that an exact status belongs to."""
    return f"{status[0]}XX"


def _has_heir(
    status: str,
    response: Response,
    old: Mapping[str, Response],
    new: Mapping[str, Response],
    sent: bool,
    agree: Agree,
) -> bool:
    """Whether a status that is gone is still answered as promised by something else."""
    if status == "default":
        return _default_has_heir(old, new)
    if status.endswith("XX"):
        if not sent and any(other.startswith(status[0]) for other in new):
            return True
    elif range_of(status) in new:
        return True
    fallback = new.get("default")
    return fallback is not None and agree(response, fallback)


def _default_has_heir(old: Mapping[str, Response], new: Mapping[str, Response]) -> bool:
    """`default` is replaced by both error ranges, or by a success where it stood for that."""
    if is_success("default", old):
        return any(is_success(status, new) for status in new)
    return "4XX" in new and "5XX" in new


def _place_new(
    status: str, response: Response, old: Mapping[str, Response], new: Mapping[str, Response], paired: Paired
) -> None:
    """A new status takes over from the range or the `default` that promised something for it before."""
    if status == "default":
        _place_default(response, old, new, paired)
        return
    promised = old.get(range_of(status))
    if promised is not None:
        paired.pairs.append((promised, response))
        return
    if status.endswith("XX") and any(
        other.startswith(status[0]) and other not in new for other in old if other != "default"
    ):
        return  # it widens exact ones, which are compared with it
    promised = old.get("default")
    if promised is not None and (is_success("default", old) or not is_success(status, new)):
        paired.pairs.append((promised, response))
    else:
        paired.fresh.append(response)


def _place_default(
    response: Response, old: Mapping[str, Response], new: Mapping[str, Response], paired: Paired
) -> None:
    if is_success("default", new) and not any(status in new for status in old):
        for status, before in old.items():
            if is_success(status, old) and before not in paired.gone:
                paired.pairs.append((before, response))
        return
    inherits = any(status not in new and before not in paired.gone for status, before in old.items())
    if not inherits:  # else it stands for statuses that were written one by one
        paired.fresh.append(response)
