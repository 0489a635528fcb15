"""The few questions asked of git, read-only: where the repository is, and what its revisions are.

No shell, no pager, no prompts, no hook or file-system monitor of the repository's choosing; what a user
wrote is never an option.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    import subprocess

_SAFE = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where we stand: the top of the work tree, and the working directory below it ("" or "a/b/")."""

    top: str
    prefix: str


def run(
    cwd: str, *arguments: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git (with `environ` over the environment) and give its output; a failure is the caller's matter."""
    import subprocess

    surroundings = {**environment(), **(environ or {})}
    return subprocess.run((*_SAFE, *arguments), cwd=cwd, capture_output=True, check=False, env=surroundings)


def batch(cwd: str) -> subprocess.Popen[bytes]:
    """A process that answers object names on stdin with their contents, following symlinks in the tree."""
    import subprocess

    return subprocess.Popen(
        (*_SAFE, "cat-file", "--batch", "--follow-symlinks"),
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """The user's environment, with git told to ask nothing and lock nothing."""
    return {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def checkout() -> Checkout:
    """The repository around the working directory; DriftcheckError where there is none."""
    hint = "run driftcheck inside the repository, or give a path, a URL or module:app"
    try:
        done = run(os.getcwd(), "rev-parse", "--show-toplevel", "--show-prefix")
    except FileNotFoundError:
        raise DriftcheckError("git is not installed", "install git, or compare files") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        if "dubious ownership" in reason:
            hint = f"git config --global --add safe.directory {os.getcwd()}"
        raise DriftcheckError(f"git cannot be asked for a revision here: {reason}", hint)
    top, prefix, *_ = os.fsdecode(done.stdout).split("\n")
    return Checkout(top, prefix)


def find_tree(place: Checkout, revision: str) -> str | None:
    """The object name of a revision's tree ("" for the index), or None where git knows no such revision."""
    if not revision:
        return ""
    if revision.startswith("-") or any(c in revision for c in "\n\0 "):
        return None
    asked = f"{revision}^{{tree}}"
    done = run(place.top, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    return None if done.returncode else done.stdout.decode("ascii").strip()


def find_commit(place: Checkout, revision: str) -> str | None:
    """The full name of the commit that a revision is, or None where git knows no such one."""
    if not revision or revision.startswith("-") or any(c in revision for c in "\n\0 "):
        return None
    asked = f"{revision}^{{commit}}"
    done = run(place.top, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    return None if done.returncode else done.stdout.decode("ascii").strip()


def merge_base(place: Checkout, one: str, other: str) -> str | None:
    """The commit at which two commits (full names) went apart; None where git cannot tell."""
    done = run(place.top, "merge-base", one, other)
    return None if done.returncode else done.stdout.decode("ascii").split("\n")[0]


def is_shallow(place: Checkout) -> bool:
    """Whether history was cut off when the repository was cloned, as CI systems do."""
    return run(place.top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def missing_revision(place: Checkout, revision: str) -> DriftcheckError:
    """The error for a revision git does not know; CI checkouts are often shallow."""
    hint = "see git branch --all and git tag; a branch that is only on the server is fetched first"
    if is_shallow(place):
        hint = "this clone is shallow: git fetch --unshallow, or fetch-depth: 0 in the CI's checkout step"
    return DriftcheckError(f"git knows no revision {revision}", hint)
