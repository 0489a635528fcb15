"""Gets as much of the base branch as a comparison needs; CI systems clone the last commit only.

Branch names are whatever somebody pushed: they are checked by git, and only ever a word of a command.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from driftcheck import git
from driftcheck.errors import DriftcheckError

# Commits that are fetched in addition, until the place where the branches parted is among them.
DEPTHS = (1, 20, 200, 2000)
_EVERYTHING = "--unshallow"
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_MOST_SAID = 600  # characters of what git says


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compare with: a `branch` of the server, or a `commit`; the other one is empty."""

    branch: str = ""
    commit: str = ""

    @property
    def revision(self) -> str:
        """What git calls it here, once it was fetched."""
        return self.commit or f"origin/{self.branch}"


def wanted(asked: str, environ: Mapping[str, str], event: Mapping[str, Any]) -> Wanted | None:
    """The base that a user `asked` for or that follows from the event; None where nothing says it.

    A push to the default branch is compared with what was there before, any other one with that branch.
    """
    written = asked or environ.get("GITHUB_BASE_REF", "") or _text(event, "merge_group", "base_sha")
    default = _text(event, "repository", "default_branch")
    if not written and environ.get("GITHUB_EVENT_NAME") == "push":
        before = _text(event, "before")
        there_was = before.strip("0") and environ.get("GITHUB_REF") == f"refs/heads/{default}"
        written = before if there_was else default
    written = written or default
    if _COMMIT.fullmatch(written):
        return Wanted(commit=written)
    branch = written.removeprefix("refs/heads/").removeprefix("origin/")
    return Wanted(branch=branch) if branch else None


def _text(event: Mapping[str, Any], *keys: str) -> str:
    value: object = event
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def fetch(base: Wanted, ref: str) -> str:
    """Fetch until git knows where HEAD left the base: that commit.

    `ref` is the server's name of what was checked out. DriftcheckError where it cannot be had.
    """
    place = git.checkout()
    head = git.find_commit(place, "HEAD")
    if head is None:
        raise DriftcheckError("the repository has no commit", "check it out before: actions/checkout")
    if base.branch and git.run(place.top, "check-ref-format", f"refs/heads/{base.branch}").returncode:
        raise DriftcheckError(f"{base.branch!r} is no name of a branch")
    common = _common(place, base, head)
    said = ""
    for depth in (*(f"--deepen={depth}" for depth in DEPTHS), _EVERYTHING):
        if common is not None:
            return common
        shallow = git.is_shallow(place)
        said = _fetch(place, base, [depth] if shallow else [], (head, ref))
        common = _common(place, base, head)
        if not shallow:
            break
    if common is None:
        raise _not_there(place, base, said)
    return common


def _common(place: git.Checkout, base: Wanted, head: str) -> str | None:
    commit = git.find_commit(place, base.revision)
    return git.merge_base(place, commit, head) if commit else None


def _fetch(place: git.Checkout, base: Wanted, options: Sequence[str], ours: Sequence[str]) -> str:
    """Both sides are asked for, as only what is asked for is deepened; what git says if it refuses."""
    branch = f"refs/heads/{base.branch}"
    theirs = base.commit or f"+{branch}:refs/remotes/origin/{base.branch}"
    said = ""
    for side in (*ours, ""):  # a server may refuse commits by their names, or have moved the ref
        words = [each for each in (theirs, side) if each]
        done = git.run(
            place.top, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", *options, "origin", *words
        )
        if done.returncode == 0:
            return ""
        said = said or done.stderr.decode("utf-8", "replace").strip()
    return said


def _not_there(place: git.Checkout, base: Wanted, said: str) -> DriftcheckError:
    name = base.branch or base.commit
    if git.find_commit(place, base.revision):
        return DriftcheckError(
            f"this branch and {name} have no common past here",
            "fetch-depth: 0 in the step of actions/checkout",
        )
    hint = (
        "does it exist? Without credentials to fetch it, use fetch-depth: 0 in the step of actions/checkout"
    )
    reason = f": {said[:_MOST_SAID]}" if said else ""
    return DriftcheckError(f"the base {name} cannot be fetched{reason}", hint)


def changed(since: str) -> list[str]:
    """Files that differ between a commit and HEAD, by their paths from the repository's root."""
    place = git.checkout()
    done = git.run(
        place.top, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", since, "HEAD", "--"
    )
    if done.returncode:
        raise DriftcheckError(f"git cannot tell what changed since {since}")
    return [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]


def concerned(files: Sequence[str], globs: Sequence[str]) -> bool:
    """Whether a glob matches one of the files; * crosses /, and a folder stands for all in it."""
    patterns = [pattern for glob in globs for pattern in (glob, f"{glob.rstrip('/')}/*")]
    return any(fnmatchcase(file, pattern) for file in files for pattern in patterns)
