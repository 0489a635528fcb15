"""Whole files and folders without secrets, in their own formats: `driftcheck traffic redact`.

One key for everything that is redacted together, so that equal values stay equal across its files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.readers.files import open_text, shown
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.sniff import kind_of
from driftcheck.traffic.readers.zipped import is_zip, unpacked
from driftcheck.traffic.redact import Found, Redactor, fresh_key
from driftcheck.traffic.secrets import may_hold
from driftcheck.traffic.whole_file import Change, Write, rewrite

_STRUCTURED = (".json", ".har", ".yaml", ".yml", ".ndjson", ".jsonl")


@dataclass(slots=True)
class Redacted:
    """What was done: how often which secrets and personal data were replaced; files copied unread."""

    replaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    files: int = 0
    copied: list[str] = field(default_factory=list)

    def count(self, found: Found) -> None:
        """One value was replaced."""
        self.replaced[found.kind, found.what] += 1


def redact_files(source: Path, target: Path) -> Redacted:
    """Writes `source` (a file or a folder) to `target`, redacted; each file whole or not at all.

    DriftcheckError where a file cannot be read as what it is: nothing unredacted is ever written for it.
    """
    done = Redacted()
    redactor = Redactor(fresh_key(), done.count)
    if not source.exists():
        raise DriftcheckError(f"{shown(source)}: no such file or folder")
    if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
        raise DriftcheckError("the redacted copy would lie in the folder itself", "give another folder")
    for file, goal in _pairs(source, target):
        try:
            _one(file, goal, redactor, done)
        except (RecordingError, UnicodeError) as problem:
            why = problem.why if isinstance(problem, RecordingError) else "its text cannot be decoded"
            line = f":{problem.line}" if isinstance(problem, RecordingError) and problem.line else ""
            raise DriftcheckError(
                f"{shown(file)}{line}: {why}", "mend or remove it, then redact again"
            ) from None
        except (OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or "it cannot be read"
            raise DriftcheckError(f"{shown(file)}: {reason}") from None
    return done


def _pairs(source: Path, target: Path) -> Iterator[tuple[Path, Path]]:
    if source.is_file():
        yield source, target / source.name if target.is_dir() else target
        return
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        yield file, target / file.relative_to(source)


def _one(file: Path, goal: Path, redactor: Redactor, done: Redacted) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    done.files += 1
    handle, name = tempfile.mkstemp(dir=goal.parent, prefix=f".{goal.name}.")
    try:
        if is_zip(file):
            os.close(handle)
            _zip(file, Path(name), redactor)
        elif is_binary(file):
            os.close(handle)
            shutil.copyfile(file, name)
            done.copied.append(shown(file))
        else:
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as out:
                through(file, redacting(redactor), out.write)
        os.chmod(name, file.stat().st_mode & 0o777)
        os.replace(name, goal)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _zip(file: Path, goal: Path, redactor: Redactor) -> None:
    """What is packed is redacted file by file, and packed again."""
    with unpacked(file) as folder, zipfile.ZipFile(goal, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(path for path in folder.rglob("*") if path.is_file()):
            if not is_binary(member):
                pieces: list[str] = []
                through(member, redacting(redactor), pieces.append)
                member.write_text("".join(pieces), encoding="utf-8", errors="surrogateescape", newline="")
            archive.write(member, member.relative_to(folder))


def redacting(redactor: Redactor) -> Change:
    """The change that redacts a part; a part without any sign of a secret is not walked at all."""
    return lambda value, text, _: redactor.json(value) if may_hold(text) else value


def through(file: Path, change: Change, write: Write) -> None:
    """Every part of any text file: by its structure where it has one, else line by line."""
    try:
        _through(file, kind_of(file), change, write)
    except RecursionError:
        raise RecordingError("nested too deeply") from None


def _through(file: Path, kind: str | None, change: Change, write: Write) -> None:
    if kind in ("cypress", "script") or (kind is None and file.suffix.lower() not in _STRUCTURED):
        _as_text(file, change, write)
        return
    if kind is not None:
        rewrite(file, kind, change, write)
        return
    pieces: list[str] = []
    try:
        rewrite(file, "", change, pieces.append)
    except RecordingError:  # no recording, and neither JSON nor YAML
        _as_text(file, change, write)
    else:
        for piece in pieces:
            write(piece)


def _as_text(file: Path, change: Change, write: Write) -> None:
    with open_text(file) as text:
        for number, line in enumerate(text, 1):
            write(change(line, line, number))


def is_binary(file: Path) -> bool:
    """Whether there is nothing to read in it. Compressed recordings are written out unpacked."""
    with file.open("rb") as raw:
        head = raw.read(4096)
    return b"\0" in head and not head.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"))
