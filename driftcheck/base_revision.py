"""Which revision a branch is compared with: where it left the branch that it is to be merged into.

CI systems say that branch in the environment; elsewhere it is the default branch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from driftcheck import git
from driftcheck.errors import DriftcheckError

# What CI systems call the branch that a pull request is to be merged into (or its commit).
VARIABLES = {
    "GITHUB_BASE_REF": "GitHub Actions",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": "GitLab CI",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "GitLab CI",
    "BITBUCKET_PR_DESTINATION_BRANCH": "Bitbucket Pipelines",
    "CHANGE_TARGET": "Jenkins",
    "SYSTEM_PULLREQUEST_TARGETBRANCH": "Azure Pipelines",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "Buildkite",
    "DRONE_TARGET_BRANCH": "Drone",
}
_DEFAULTS = ("origin/HEAD", "upstream/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Base:
    """`name` is the branch or revision as it was found, `commit` where the present one left it.

    `here` says that this is the present commit itself, so that only uncommitted changes are seen.
    """

    name: str
    commit: str
    here: bool

    @property
    def label(self) -> str:
        """What a report calls it."""
        return f"{self.name} ({self.short})"

    @property
    def short(self) -> str:
        """The commit as git takes it, too."""
        return self.commit[:12]


def find_base(asked: str = "", environ: Mapping[str, str] | None = None) -> Base:
    """The base: `asked`, else what the CI system says in `environ`, else the default branch.

    DriftcheckError where there is no repository, no such revision, or (in a shallow clone) no common past.
    """
    place = git.checkout()
    name, commit = _named(place, asked, os.environ if environ is None else environ)
    head = git.find_commit(place, "HEAD")
    if head is None:
        raise DriftcheckError("the repository has no commit yet", "there is nothing to compare with")
    common = git.merge_base(place, commit, head)
    if common is None:
        raise _unrelated(place, name)
    return Base(name, common, common == head)


def _named(place: git.Checkout, asked: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The revision's name and commit."""
    variable = "" if asked else next((name for name in VARIABLES if environ.get(name)), "")
    written = asked or environ.get(variable, "")
    candidates = _spellings(written, bool(asked)) if written else iter(_DEFAULTS)
    for name in candidates:
        commit = git.find_commit(place, name)
        if commit is not None:
            return name, commit
    if not written:
        raise DriftcheckError(
            "there is no branch to compare with: neither origin/HEAD nor main or master is known here",
            "name one with --base",
        )
    raise _unknown(place, written, variable)


def _spellings(written: str, asked: bool) -> Iterator[str]:
    """A branch of the server is newer than a local one of its name; what a user typed is meant as typed."""
    branch = written.removeprefix("refs/heads/")
    yield from (written, f"origin/{branch}") if asked else (f"origin/{branch}", branch)


def _unknown(place: git.Checkout, written: str, variable: str) -> DriftcheckError:
    branch = written.removeprefix("refs/heads/").removeprefix("origin/")
    said = f"{written} (from {variable})" if variable else written
    if variable or git.is_shallow(place):
        hint = f"fetch it first: git fetch origin {branch}:refs/remotes/origin/{branch}, or fetch-depth: 0"
        return DriftcheckError(
            f"git does not know the base revision {said} here", f"{hint} in the CI's checkout"
        )
    return git.missing_revision(place, written)


def _unrelated(place: git.Checkout, name: str) -> DriftcheckError:
    if git.is_shallow(place):
        return DriftcheckError(
            f"where this branch left {name} is not in this shallow clone",
            "git fetch --unshallow, or fetch-depth: 0 in the CI's checkout step",
        )
    return DriftcheckError(f"this branch and {name} have no common past", "name another revision with --base")
