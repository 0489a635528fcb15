"""Pairs the media types of two messages: equal ones, then those that cover each other (ranges).

A range (`application/*`) covers its types, and a type without parameters covers itself with parameters.
"""

from __future__ import annotations

from driftcheck.difference import Flow
from driftcheck.openapi.model import Content, MediaType

Paired = tuple[list[tuple[MediaType, MediaType]], list[MediaType], list[MediaType]]


def pair_media(old: Content, new: Content, flow: Flow) -> Paired:
    """The pairs to compare, the old types nothing stands for any more, and the new ones nothing stood for."""
    after = {media.key: media for media in new.media}
    before = {media.key: media for media in old.media}
    pairs = [(media, after[key]) for key, media in before.items() if key in after]
    gone = [media for key, media in before.items() if key not in after]
    fresh = [media for key, media in after.items() if key not in before]
    if old.unspecified or new.unspecified:
        return _unspecified(pairs, gone, fresh)
    taken: set[str] = set()
    left = []
    for media in gone:
        partner = _partner(media, new.media, flow)
        if partner is None:
            left.append(media)
        else:
            pairs.append((media, partner))
            taken.add(partner.key)
    fresh = [media for media in fresh if media.key not in taken]
    if flow is Flow.RECEIVED:  # a new type is no news where the old range already promised it
        promised = {m.key: wide for m in fresh for wide in old.media if covers(wide.key, m.key)}
        pairs += [(promised[media.key], media) for media in fresh if media.key in promised]
        fresh = [media for media in fresh if media.key not in promised]
    return pairs, left, fresh


def _partner(media: MediaType, others: tuple[MediaType, ...], flow: Flow) -> MediaType | None:
    """What stands for a type that is gone: something wider where it is sent, narrower where received."""
    if flow is Flow.SENT:
        return next((other for other in others if covers(other.key, media.key)), None)
    return next((other for other in others if covers(media.key, other.key)), None)


def _unspecified(
    pairs: list[tuple[MediaType, MediaType]], gone: list[MediaType], fresh: list[MediaType]
) -> Paired:
    """One side does not say its type (2.0): its one schema is compared with any of the other's."""
    if pairs or not gone or not fresh:
        return pairs, [], []
    return [(gone[0], fresh[0])], [], []


def covers(wide: str, narrow: str) -> bool:
    """Whether media type (or range) `wide` includes `narrow`; equal ones cover each other."""
    wide_kind, *wide_parameters = wide.split(";")
    narrow_kind, *narrow_parameters = narrow.split(";")
    if wide == narrow or wide_kind in ("*/*", "*"):
        return True
    if wide_parameters and set(wide_parameters) - set(narrow_parameters):
        return False
    if wide_kind.endswith("/*"):
        return narrow_kind.startswith(wide_kind[:-1])
    return wide_kind == narrow_kind
