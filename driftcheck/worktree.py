"""The files of another revision in a temporary folder, and fresh interpreters that run its code there.

The repository learns nothing of it: git fills the folder from an index of its own, so that there is no
`git worktree` entry to be left behind, whatever ends the run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from driftcheck import git
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    import subprocess

_PATIENCE = 300.0  # seconds that the code of a revision may take


@dataclass(frozen=True, slots=True)
class Tree:
    """A revision's files: `top` stands for the repository's top, `here` for the working directory."""

    revision: str
    top: Path
    here: Path
    repository: Path

    def counterpart(self, path: str | os.PathLike[str]) -> Path | None:
        """The same path in this tree; None where `path` is outside the repository."""
        absolute = Path(os.path.abspath(path))
        for root in (self.repository, self.repository.resolve()):
            if absolute.is_relative_to(root):
                return self.top / absolute.relative_to(root)
        return None

    def import_path(self) -> list[str]:
        """`sys.path` of an interpreter that finds the tree's modules where this one finds the repository's.

        What is installed (also in a virtual environment inside the repository) stays where it is.
        """
        found = [str(self.here)]
        for entry in sys.path:
            if not entry or "site-packages" in entry or "dist-packages" in entry:
                continue
            there = self.counterpart(entry)
            if there is not None and there.is_dir():
                found.append(str(there))
        return list(dict.fromkeys(found))

    def environment(self) -> Mapping[str, str]:
        """The environment of such an interpreter: the user's own, and where modules are found."""
        own = str(Path(__file__).resolve().parent.parent)  # driftcheck itself, wherever it was imported from
        inherited = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
        outside = [entry for entry in inherited if self.counterpart(entry) is None]
        path = [*self.import_path(), *outside, own]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)),
        }

    def python(
        self, arguments: Sequence[str], *, timeout: float = _PATIENCE
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a fresh interpreter in the tree. DriftcheckError where it takes more than `timeout` seconds."""
        import subprocess

        try:
            return subprocess.run(
                (sys.executable, *arguments),
                cwd=self.here,
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DriftcheckError(
                f"the code of revision {self.revision} did not end within {timeout:.0f} s"
            ) from None


@contextmanager
def checked_out(revision: str) -> Iterator[Tree]:
    """The files of `revision` of the repository around the working directory, until the block ends.

    Files that git ignores or does not know, and the contents of submodules, are not there. DriftcheckError
    for a revision that git does not know.
    """
    place = git.checkout()
    commit = git.find_commit(place, revision)
    if commit is None:
        raise git.missing_revision(place, revision)
    with TemporaryDirectory(prefix="driftcheck-") as folder:
        top = Path(folder).resolve() / "tree"
        top.mkdir()
        _fill(place, commit, revision, top)
        here = top / place.prefix
        here.mkdir(parents=True, exist_ok=True)  # a folder that is new since then
        yield Tree(revision, top, here, Path(place.top))


def _fill(place: git.Checkout, commit: str, revision: str, top: Path) -> None:
    index = {"GIT_INDEX_FILE": str(top.parent / "index"), "GIT_LFS_SKIP_SMUDGE": "1"}
    steps = (("read-tree", commit), ("checkout-index", "--all", "--quiet", f"--prefix={top}/"))
    for step in steps:
        done = git.run(place.top, *step, environ=index)
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
            raise DriftcheckError(f"the files of revision {revision} cannot be written out: {reason}")
