"""The tree at which the current branch left its base, for histories and models as they were then.

Neither the user's index nor the files nor the list of worktrees is touched, and no hook runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from driftcheck import git, worktree


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
    commit = _commit(revision)
    with worktree.checked_out(commit) as tree:
        yield Checkout(tree.top, tree.repository.resolve(), commit)


def _commit(revision: str) -> str:
    """Where the histories of `revision` and of HEAD part: what is newer there is not ours."""
    place = git.checkout()
    named = git.find_commit(place, revision)
    if named is None:
        raise git.missing_revision(place, revision)
    return git.merge_base(place, named, "HEAD") or named
