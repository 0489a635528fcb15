"""A history by its files alone, against those of a git revision: what a hook of git has the time for.

Nothing of the project is imported and nothing is run; `check.py` does the rest.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from driftcheck import git
from driftcheck.config import Config
from driftcheck.database.migrations.doctor import FATAL, compare_files, examine, revisions_of
from driftcheck.database.migrations.engine import default_source
from driftcheck.database.migrations.files import RevisionFile, new_since, read_text, revision_files
from driftcheck.database.migrations.history import History, locate
from driftcheck.database.migrations.rules import RULES
from driftcheck.difference import Difference, Severity
from driftcheck.finding import Report
from driftcheck.inline import silence
from driftcheck.judge import judge
from driftcheck.settle import settle

_NEWS = frozenset({"edited", "deleted", "inserted"})  # about old revisions, and the doing of who edits


def check_history(base: str, *, migrations: str = "", config: Config | None = None) -> Report:
    """What is wrong with the revisions' files; what was so at `base` already is at most risky.

    `migrations` is an alembic.ini or the folder of env.py (default: as configured, or what the current
    directory holds). DriftcheckError where there is no history, or git does not know `base`.
    """
    config = config or Config()
    source = migrations or config.migrations.migrations or config.db.migrations or default_source()
    history = locate(source)
    files = revision_files(history.script)
    old = list(_files_at(base, history))
    differences = [*examine(files), *compare_files(old, files)]
    new = new_since(old, files)
    findings, ignored = judge([_capped(item, new) for item in differences], RULES, config)
    placed = tuple(finding.located(finding.difference.locations) for finding in findings)
    silenced = silence(placed, [file.path for file in files], RULES, config)
    report = Report(
        "migrations",
        f"the history at {base}",
        history.label,
        silenced.findings,
        tuple(dict.fromkeys((*ignored, *silenced.skipped))),
        config.fail_on,
    )
    return settle(report, config, (rule.id for rule in RULES), partial=True)


def _capped(difference: Difference, new: frozenset[str]) -> Difference:
    """What is not new cannot stop a commit."""
    if not new.isdisjoint(revisions_of(difference)) or difference.attribute in _NEWS:
        return difference
    return replace(difference, at_most=Severity.RISKY if difference.attribute in FATAL else Severity.INFO)


def _files_at(base: str, history: History) -> Iterator[RevisionFile]:
    """The revisions' files of a commit, read without writing any."""
    place = git.checkout()
    top = Path(place.top).resolve()
    if git.find_commit(place, base) is None:
        raise git.missing_revision(place, base)
    deep = bool(getattr(history.script, "recursive_version_locations", False))
    folders = [Path(folder).resolve() for folder in history.script._version_locations]
    for folder in folders:
        if folder.is_relative_to(top):
            yield from _in_folder(place, base, folder.relative_to(top).as_posix(), deep)


def _in_folder(place: git.Checkout, base: str, folder: str, deep: bool) -> Iterator[RevisionFile]:
    done = git.run(place.top, "archive", "--format=tar", base, "--", folder)
    if done.returncode:  # the folder was not there then
        return
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            path = Path(member.name)
            wanted = path.suffix == ".py" and not path.name.startswith("__init__")
            if not member.isfile() or not wanted or not (deep or path.parent == Path(folder)):
                continue
            content = archive.extractfile(member)
            read = read_text(str(Path(place.top, path)), content.read()) if content else None
            if read is not None:
                yield read
