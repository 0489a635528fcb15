"""Keploy's three shapes of noise as exact paths: a list, a map of paths to patterns, and a map by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from driftcheck.traffic.exchange import Noise
from driftcheck.traffic.readers.keploy_config import KeployConfig

_SECTIONS = ("header", "body")


def noise_of(
    document: Mapping[str, Any], spec: Mapping[str, Any], config: KeployConfig, test_set: str
) -> tuple[Noise, ...]:
    """The test's own noise and that of keploy.yml, each path once."""
    assertions = spec.get("assertions")
    own = assertions.get("noise") if isinstance(assertions, Mapping) else None
    found: dict[str, Noise] = {}
    for value in (own, document.get("noise"), config.by_set.get(test_set), config.everywhere):
        for noise in _read(value):
            found.setdefault(noise.path, noise)
    return tuple(found.values())


def _read(value: Any, section: str = "") -> Iterator[Noise]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield Noise(_path(item, section))
            else:
                yield from _read(item, section)
        return
    for name, patterns in value.items() if isinstance(value, Mapping) else ():
        if not section and name in _SECTIONS and isinstance(patterns, Mapping):
            yield from _read(patterns, name)
        elif not section and name in _SECTIONS and isinstance(patterns, list) and patterns:
            yield from _read(patterns, name)  # by section, with a list of paths
        else:
            listed = patterns if isinstance(patterns, list) else []
            yield Noise(_path(str(name), section), tuple(str(text) for text in listed if text))


def _path(text: str, section: str) -> str:
    """`header.Date` as `header.date`: names of headers have no case. Indexes stand as `items.0.id`."""
    text = text.replace("[*]", ".*").replace("[", ".").replace("]", "")
    full = text if text.split(".")[0] in _SECTIONS else f"{section or 'body'}.{text}"
    return full.lower() if full.startswith("header") else full
