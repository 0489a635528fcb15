"""The files of a git revision in a temporary folder, made with an index of its own.

Neither the user's index nor the files nor the list of worktrees is touched, and no hook runs.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from driftcheck.errors import DriftcheckError

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false")


@dataclass(frozen=True, slots=True)
class Checkout:
    """The tree of `commit` below `root`; `top` is the user's own tree."""

    root: Path
    top: Path
    commit: str

    def counterpart(self, path: Path) -> Path:
        """Where that file or folder of the user's tree is here, if it is in it and was there then."""
        path = path.resolve()
        if not path.is_relative_to(self.top):
            return path
        twin = self.root / path.relative_to(self.top)
        return twin if twin.exists() else path

    def has(self, path: Path) -> bool:
        """Whether it was there then."""
        path = path.resolve()
        return path.is_relative_to(self.top) and (self.root / path.relative_to(self.top)).exists()


@contextmanager
def checked_out(revision: str) -> Iterator[Checkout]:
    """The tree at which the current branch left `revision`; gone afterwards, also after Ctrl-C."""
    top = Path(_git("rev-parse", "--show-toplevel")).resolve()
    commit = _commit(revision)
    with tempfile.TemporaryDirectory(prefix="driftcheck-base-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve() / "tree"
        root.mkdir()
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git("read-tree", commit, cwd=top, environment=index)
        _git("checkout-index", "--all", "--quiet", f"--prefix={root}/", cwd=top, environment=index)
        yield Checkout(root, top, commit)


def _commit(revision: str) -> str:
    """Where the histories of `revision` and of HEAD part: what is newer there is not ours."""
    try:
        named = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except _Failed:
        raise DriftcheckError(
            f"git knows no revision {revision}",
            "fetch it first (in CI often: fetch-depth: 0), or name another with --base",
        ) from None
    try:
        return _git("merge-base", named, "HEAD")
    except _Failed:
        return named


class _Failed(DriftcheckError):
    """git ended with an error."""


def _git(*arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    own = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
    variables = {name: value for name, value in os.environ.items() if name not in own}
    variables |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_LFS_SKIP_SMUDGE": "1", **(environment or {})}
    try:
        run = subprocess.run(
            ["git", *_QUIET, *arguments], cwd=cwd, env=variables, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise DriftcheckError(f"git cannot be run: {error.strerror}", "--base needs git") from None
    if run.returncode:
        said = run.stderr.strip().splitlines() or [f"git {arguments[0]} failed"]
        raise _Failed(said[0].removeprefix("fatal: "), "--base needs a git repository around the migrations")
    return run.stdout.strip()
