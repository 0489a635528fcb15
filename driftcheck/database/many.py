"""Many databases in one report: each is read in parallel, equal schemas are compared once, and equal
drift is one finding that lists the databases it is in."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from driftcheck.database import connect
from driftcheck.database.check import Request, labels, prepared
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.model import Database
from driftcheck.database.quiet import stdout_to_stderr
from driftcheck.database.rules import RULES
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding, Relation, Report, Skipped
from driftcheck.settle import settle


def check_many(request: Request, urls: Sequence[str]) -> Report:
    """Compare each database with the same models, migrations or other side. Of those that cannot be read
    or compared the report says why, and goes on with the others.
    """
    with ExitStack() as stack:
        stack.enter_context(stdout_to_stderr())
        session = prepared(replace(request, url=None), stack)
        groups, failures = _read_all(request, urls, session.scope)
        findings: list[Finding] = []
        notes: dict[Skipped, None] = dict.fromkeys(failures)
        relations: dict[Relation, None] = {}
        for done, (live, names) in enumerate(groups, 1):
            request.told(f"comparing {done} of {len(groups)} different schemas")
            try:
                session.request = replace(request, url=names[0])
                report = session.report(live, connect.label(connect.parse(names[0])))
            except DriftcheckError as error:
                failure = Skipped(", ".join(_label(name) for name in names), error.message)
                failures.append(failure)
                notes[failure] = None
                continue
            notes.update(dict.fromkeys(report.skipped))
            relations.update(dict.fromkeys(report.relations))
            operations = tuple(_label(name) for name in names)
            findings += [
                replace(item, difference=replace(item.difference, operations=operations))
                for item in report.findings
            ]
    expected, _ = labels(request, session.models, session.history, "")
    actual = f"{len(urls)} databases"
    merged = tuple(_merged(findings))
    found = Report("db", expected, actual, merged, tuple(notes), request.config.fail_on)
    report = replace(found, relations=tuple(relations), unread=len(failures))
    partial = bool(failures or request.config.db.include)
    return settle(report, request.config, RULES.ids(), partial=partial)


def _read_all(
    request: Request, urls: Sequence[str], scope: Scope
) -> tuple[list[tuple[Database, list[str]]], list[Skipped]]:
    """Equal schemas with the URLs of their databases, in the order given, and what could not be read."""
    reader = _Reader(scope, request.config.db.timeout)
    groups: dict[Database, list[str]] = {}
    failures: list[Skipped] = []
    with ThreadPoolExecutor(max_workers=max(1, request.config.db.jobs)) as pool:
        for number, (url, read) in enumerate(zip(urls, pool.map(reader.read, urls), strict=True), 1):
            if number % 100 == 0:
                request.told(f"read {number} of {len(urls)} databases")
            if isinstance(read, Database):
                groups.setdefault(read, []).append(url)
            else:
                failures.append(Skipped(_label(url), read.message))
    return list(groups.items()), failures


def _label(url: str) -> str:
    try:
        return connect.label(connect.parse(url))
    except DriftcheckError:
        return connect.masked(url)


class _Reader:
    """Reads databases; SQLite files with the same statements are read once."""

    def __init__(self, scope: Scope, timeout: float) -> None:
        self.scope, self.timeout = scope, timeout
        self.seen: dict[bytes, Database] = {}

    def read(self, url: str) -> Database | DriftcheckError:
        try:
            digest = self.digest(url)
            known = self.seen.get(digest) if digest else None
            if known is not None:
                return known
            with connect.opened(url, self.timeout) as connection:
                found = connect.read(connection, self.scope, self.timeout)
        except DriftcheckError as error:
            return error
        if digest:
            self.seen[digest] = found
        return found

    def digest(self, url: str) -> bytes | None:
        """All statements and stamps of a SQLite file: whatever the readers look at follows from them."""
        parsed = connect.parse(url)
        if (
            parsed.get_backend_name() != "sqlite"
            or not parsed.database
            or not Path(parsed.database).is_file()
        ):
            return None
        digest = hashlib.sha256()
        try:
            with closing(
                sqlite3.connect(f"{Path(parsed.database).resolve().as_uri()}?mode=ro", uri=True)
            ) as file:
                for row in file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"):
                    digest.update(repr(row).encode("utf-8", "surrogatepass"))
                    if row[1] == self.scope.version_table:
                        quoted = row[1].replace('"', '""')
                        digest.update(repr(sorted(file.execute(f'SELECT * FROM "{quoted}"'))).encode())
        except sqlite3.Error:
            return None
        return digest.digest()


def _merged(findings: Sequence[Finding]) -> list[Finding]:
    """The same drift in several databases is one finding."""
    merged: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.fingerprint, finding.message, str(finding.difference.attribution))
        before = merged.get(key)
        if before is None:
            merged[key] = finding
            continue
        names = (*before.difference.operations, *finding.difference.operations)
        merged[key] = replace(before, difference=replace(before.difference, operations=names))
    return sorted(merged.values(), key=lambda item: (item.severity.rank, item.difference.object, item.rule))
