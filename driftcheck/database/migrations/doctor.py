"""What is wrong with a history by its files alone: pure, and whatever Alembic refuses to load is told too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from driftcheck.database.migrations.files import RevisionFile
from driftcheck.database.migrations.history import labelled_apart
from driftcheck.difference import JSON, Change, Difference, Location, Side

FATAL = frozenset({"file", "id", "duplicate", "down_revision", "cycle"})  # Alembic cannot load such a history
_NUMBER = re.compile(r"^v?(\d+)[_-]")


def about(
    revision: str,
    attribute: str,
    places: Sequence[tuple[str, int | None]],
    *,
    expected: JSON = None,
    actual: JSON = None,
    note: str = "",
) -> Difference:
    """Something about one revision; `attribute` is what the rule is found by."""
    return Difference(
        subject="revision",
        kind="revision",
        object=revision,
        change=Change.CHANGED,
        cause=revision,
        attribute=attribute,
        name=revision,
        expected=expected,
        actual=actual,
        note=note,
        locations=tuple(Location(Side.ACTUAL, file, line) for file, line in places),
    )


def revisions_of(difference: Difference) -> frozenset[str]:
    """The revisions that a difference from here is about: several, where they are the heads."""
    several = difference.actual if difference.attribute == "heads" else None
    return frozenset(map(str, several)) if isinstance(several, list) else frozenset({difference.object})


def incomplete(why: str, places: Sequence[tuple[str, int | None]]) -> Difference:
    """The first revisions presume tables that none of them makes."""
    return replace(about("base", "base", places, note=why), subject="migration", kind="migration")


def examine(files: Sequence[RevisionFile]) -> list[Difference]:
    """Everything that is wrong with these files as one history."""
    known: dict[str, RevisionFile] = {}
    for file in files:
        if file.revision is not None:
            known.setdefault(file.revision, file)
    found = [*_broken(files), *_duplicates(files), *_unknown(files, known)]
    cycle = _cycle(known)
    if cycle:
        places = [(known[name].path, known[name].line("down_revision")) for name in cycle]
        found.append(about(cycle[0], "cycle", places[:1], actual=list(cycle)))
    if not any(item.attribute in FATAL for item in found):
        found += [*_heads(files, known), *_disorder(files, known)]
    return [*found, *_downgrades(files)]


def compare_files(base: Sequence[RevisionFile], files: Sequence[RevisionFile]) -> list[Difference]:
    """What was done to revisions that others may have applied: edited, deleted, or another put before."""
    now = {file.revision: file for file in files if file.revision}
    found = []
    for old in base:
        if old.revision is None:
            continue
        new = now.get(old.revision)
        if new is None:
            found.append(about(old.revision, "deleted", (), expected=old.path))
        elif not (new.broken or old.broken or new.same_code(old)):
            found.append(about(old.revision, "edited", [(new.path, 1)]))
    known = {file.revision for file in base}
    ancestors = _ancestors({name: file for name, file in now.items() if name}, known)
    for file in files:
        if file.revision and file.revision not in known and file.revision in ancestors:
            place = (file.path, file.line("revision"))
            found.append(about(file.revision, "inserted", [place], actual=ancestors[file.revision]))
    return found


def _ancestors(now: Mapping[str, RevisionFile], known: set[str | None]) -> dict[str, str]:
    """Ancestors of the known revisions, each with one that comes after it."""
    found: dict[str, str] = {}
    waiting = [name for name in now if name in known]
    while waiting:
        name = waiting.pop()
        for down in now[name].down if name in now else ():
            if down not in found:
                found[down] = name
                waiting.append(down)
    return found


def _broken(files: Sequence[RevisionFile]) -> Iterator[Difference]:
    for file in files:
        if file.broken:
            yield about(file.label, "file", [(file.path, file.line("broken"))], actual=file.broken)
        elif file.revision is None and not file.computed:
            yield about(file.label, "id", [(file.path, 1)], expected="revision = '…'")


def _duplicates(files: Sequence[RevisionFile]) -> Iterator[Difference]:
    counts = Counter(file.revision for file in files if file.revision)
    for name, count in counts.items():
        if count > 1:
            same = [file for file in files if file.revision == name]
            places = [(file.path, file.line("revision")) for file in same]
            yield about(name, "duplicate", places, actual=[file.path for file in same])


def _unknown(files: Sequence[RevisionFile], known: Mapping[str, RevisionFile]) -> Iterator[Difference]:
    if any(file.broken or (file.revision is None and file.computed) for file in files):
        return  # the one that is named may be in a file that cannot be read
    for file in files:
        for down in file.down:
            if down not in known:
                yield about(
                    file.label, "down_revision", [(file.path, file.line("down_revision"))], actual=down
                )


def _cycle(known: Mapping[str, RevisionFile]) -> tuple[str, ...]:
    """Revisions that come after themselves, in order; () if none does."""
    done: set[str] = set()
    for start in known:
        path: list[str] = []
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            name, depth = waiting.pop()
            del path[depth:]
            if name in path:
                return tuple(path[path.index(name) :])
            if name in done or name not in known:
                continue
            path.append(name)
            waiting += [(down, depth + 1) for down in (*known[name].down, *known[name].depends)]
        done.update(path)
    return ()


def heads_of(files: Sequence[RevisionFile]) -> list[RevisionFile]:
    """The revisions that no other comes after."""
    followed = {down for file in files for down in (*file.down, *file.depends)}
    return [file for file in files if file.revision and file.revision not in followed]


def _heads(files: Sequence[RevisionFile], known: Mapping[str, RevisionFile]) -> Iterator[Difference]:
    heads = heads_of(files)
    if all(_apart(_ancestry(one, known), _ancestry(other, known)) for one, other in combinations(heads, 2)):
        return  # branches with a base or a label each are meant, and upgraded with `heads`
    names: list[str] = sorted(file.label for file in heads)
    places = [(file.path, file.line("down_revision")) for file in heads]
    yield about(names[0], "heads", places, expected=1, actual=names)


def _apart(one: Sequence[RevisionFile], other: Sequence[RevisionFile]) -> bool:
    """Whether two branches begin at bases of their own, or have a label each."""
    bases, labels = [], []
    for branch in (one, other):
        bases.append({file.label for file in branch if not file.down})
        labels.append({label for file in branch for label in file.labels})
    return bases[0].isdisjoint(bases[1]) or labelled_apart(labels[0], labels[1])


def _ancestry(file: RevisionFile, known: Mapping[str, RevisionFile]) -> list[RevisionFile]:
    """A revision and all that it comes after."""
    found: dict[str, RevisionFile] = {}
    waiting = [file.label]
    while waiting:
        name = waiting.pop()
        if name not in found and name in known:
            found[name] = known[name]
            waiting += known[name].down
    return list(found.values())


def _disorder(files: Sequence[RevisionFile], known: Mapping[str, RevisionFile]) -> Iterator[Difference]:
    """A revision that says it is older than the one it comes after."""
    for file in files:
        for down in (known[name] for name in file.down if name in known):
            place = [(file.path, file.line("down_revision"))]
            if file.created and down.created and file.created < down.created:
                dates = f"{file.created:%Y-%m-%d}", f"{down.created:%Y-%m-%d}"
                yield about(file.label, "order", place, expected=dates[1], actual=dates[0], note=down.label)
                break
            ours, theirs = _number(file), _number(down)
            if ours is not None and theirs is not None and ours < theirs:
                yield about(file.label, "order", place, expected=theirs, actual=ours, note=down.label)
                break


def _number(file: RevisionFile) -> int | None:
    found = _NUMBER.match(Path(file.path).name)
    return int(found[1]) if found and len(found[1]) < 9 else None


def _downgrades(files: Sequence[RevisionFile]) -> Iterator[Difference]:
    for file in files:
        if file.broken or file.upgrade is None or file.upgrade.empty:
            continue
        if file.downgrade is None:
            yield about(file.label, "downgrade-missing", [(file.path, file.upgrade.line)])
        elif file.downgrade.empty:
            yield about(file.label, "downgrade-empty", [(file.path, file.downgrade.line)])
        elif file.downgrade.raises:
            yield about(file.label, "downgrade-refused", [(file.path, file.downgrade.line)])
