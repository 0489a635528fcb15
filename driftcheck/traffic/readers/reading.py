"""From paths to exchanges: files found, formats sniffed, each given to its reader, failures survived.

A third-party reader is an entry point of the group `driftcheck.readers`: an object with
`sniff(path: Path) -> bool` and `read(path: Path, file: str) -> Iterator[Exchange | Unreadable]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol

from driftcheck.traffic.exchange import Exchange, Unreadable
from driftcheck.traffic.readers.files import found_files, shown
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.sniff import kind_of
from driftcheck.traffic.readers.zipped import hars, unpacked

ENTRY_POINTS = "driftcheck.readers"
FORMATS = "HAR, Keploy, Postman, newman, Pact, VCR, WireMock, Cypress' stubs and driftcheck's NDJSON"
_MODULES = {
    "har": "har",
    "keploy": "keploy",
    "postman": "postman",
    "newman": "newman",
    "pact": "pact",
    "vcr": "vcr",
    "wiremock": "wiremock",
    "cypress": "cypress",
    "ndjson": "ndjson",
}
# Files that belong to recordings and hold no calls themselves.
_BESIDE = frozenset({"postman-environment", "keploy-config", "script"})
_KNOWN = {
    "gob": "mocks in Go's own binary format, which driftcheck cannot read; let Keploy write them as YAML",
    "postman-v3": "a Postman collection v3 (a folder of YAML); export it as v2.1, which driftcheck reads",
    "schemathesis": "the events of a schemathesis run; let it write its calls with --report har",
}


class Reader(Protocol):
    """What a third party's entry point is."""

    def sniff(self, path: Path) -> bool:
        """Whether this file is of its format."""

    def read(self, path: Path, file: str) -> Iterator[Exchange | Unreadable]:
        """The calls; `file` is the path as reports show it."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`environments`: Postman environments that fill a collection's variables, the last one wins."""

    environments: tuple[str, ...] = ()


Found = Iterator[Exchange | Unreadable]


def read(paths: Sequence[str], options: ReadOptions = ReadOptions()) -> Found:
    """Every call in these files, folders and globs, one at a time.

    What cannot be read is an Unreadable, and the others go on.
    """
    for path in paths:
        strange = 0
        empty = True
        seen: set[str] = set()
        for file, named in found_files(path):
            empty = False
            kind = _kind(file)
            if kind == "postman-v3" and not named and kind in seen:
                continue  # a collection is a folder of many such files
            seen.add(str(kind))
            if isinstance(kind, Unreadable):
                yield kind
            elif kind is None and not named:
                strange += 1
            else:
                yield from _read_one(file, kind, options)
        if empty:
            yield Unreadable(
                path, None, "there are no recordings here" if Path(path).is_dir() else "no such file"
            )
        if strange:
            files = "1 file is" if strange == 1 else f"{strange} files are"
            yield Unreadable(path, None, f"{files} in no format that driftcheck reads", wrong=False)


def _kind(file: Path) -> str | Reader | Unreadable | None:
    try:
        return next((reader for reader in third_parties() if reader.sniff(file)), None) or kind_of(file)
    except RecordingError as problem:
        return Unreadable(shown(file), problem.line, problem.why)
    except (OSError, EOFError) as error:
        return Unreadable(shown(file), None, _reason(error))


def _read_one(file: Path, kind: str | Reader | None, options: ReadOptions) -> Found:
    name = shown(file)
    if kind is None:
        yield Unreadable(name, None, f"in no format that driftcheck reads ({FORMATS})")
    elif kind == "empty":  # a run that made no call
        yield Unreadable(name, None, "the file is empty", wrong=False)
    elif kind in _KNOWN:
        yield Unreadable(name, None, _KNOWN[kind])
    elif kind == "zip":
        yield from _guarded(lambda: _zipped(file, name), name)
    elif not isinstance(kind, str):
        yield from _guarded(lambda: kind.read(file, name), name)
    elif kind not in _BESIDE:
        module = import_module(f"driftcheck.traffic.readers.{_MODULES[kind]}")
        if kind == "postman":
            yield from _guarded(lambda: module.read(file, name, options.environments), name)
        else:
            yield from _guarded(lambda: module.read(file, name), name)


def _zipped(file: Path, name: str) -> Found:
    from driftcheck.traffic.readers.har import read as read_har

    with unpacked(file) as folder:
        for one in hars(folder):
            yield from read_har(one, name)


def _guarded(start: Callable[[], Found], name: str) -> Found:
    try:
        yield from start()
    except RecordingError as problem:
        yield Unreadable(name, problem.line, problem.why)
    except RecursionError:
        yield Unreadable(name, None, "nested too deeply")
    except (OSError, EOFError) as error:
        yield Unreadable(name, None, _reason(error))
    except UnicodeError:
        yield Unreadable(name, None, "the text is not in the encoding that its byte order mark says")


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "the compressed file was cut off"
    return getattr(error, "strerror", None) or "the file cannot be read"


@cache
def third_parties() -> tuple[Reader, ...]:
    """Installed readers of other formats, in the order of their names."""
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name)
    return tuple(entry.load() for entry in found)
