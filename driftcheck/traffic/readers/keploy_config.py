"""keploy.yml, as far as it bears on recordings: global noise, ignored tests, and the names of services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.yaml_parts import Part, parsed

_NAMES = ("keploy.yml", "keploy.yaml")
_ABOVE = 5  # folders: tests, the test set, `keploy`, and where keploy.yml stands


@dataclass(frozen=True, slots=True)
class KeployConfig:
    """`ignored` and `by_set` are by test set; `services` by host and port; `name` is this service's own."""

    name: str = ""
    everywhere: Any = None
    by_set: Mapping[str, Any] = field(default_factory=dict)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)

    def ignores(self, path: Path, test: str) -> bool:
        """Whether the user told Keploy not to run this test (or any of its set)."""
        folder = path.parent.parent.name if path.parent.name == "tests" else path.parent.name
        names = self.ignored.get(folder)
        return names is not None and path.parent.name == "tests" and (not names or test in names)

    def service(self, host: str) -> str:
        """The name of the service at a host; the host where nobody named it."""
        return self.services.get(host, host)


def config_for(path: Path) -> KeployConfig:
    """What the nearest keploy.yml above a recording says; nothing where there is none or it is broken."""
    return _above(path.parent.resolve())


@lru_cache(maxsize=256)
def _above(start: Path) -> KeployConfig:
    for folder in [start, *start.parents][:_ABOVE]:
        for name in _NAMES:
            if (folder / name).is_file():
                return _read(folder / name)
    return KeployConfig()


def _read(file: Path) -> KeployConfig:
    try:
        with open_text(file) as text:
            value = parsed(Part(text.read(1 << 22), 1))
    except (OSError, RecordingError):
        return KeployConfig()
    test, contract = _table(value, "test"), _table(value, "contract")
    noise, mappings = _table(test, "globalNoise"), _table(contract, "mappings")
    return KeployConfig(
        name=str(mappings.get("self") or _table(value, "").get("appName") or ""),
        everywhere=noise.get("global"),
        by_set=_table(noise, "test-sets"),
        ignored={str(name): _texts(tests) for name, tests in _table(test, "ignoredTests").items()},
        services=_services(_table(mappings, "servicesMapping")),
    )


def _table(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if name and isinstance(value, Mapping) else value
    return found if isinstance(found, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _services(value: Mapping[str, Any]) -> dict[str, str]:
    """Names by host: the mapping has for each service the URLs where it is found."""
    found = {}
    for name, urls in value.items():
        for url in urls if isinstance(urls, list) else [urls]:
            found[str(url).partition("://")[2].partition("/")[0] or str(url)] = str(name)
    return found
