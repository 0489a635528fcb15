"""The files of one git revision, read through one `git cat-file --batch` process.

Paths are those from the top of the repository ("a/b.yaml"); the work tree is never touched.
"""

from __future__ import annotations

import os
import posixpath
import weakref
from typing import TYPE_CHECKING, NoReturn

from driftcheck import git

if TYPE_CHECKING:
    import subprocess


class RevisionError(Exception):
    """A path that a revision does not hold, or that cannot be read; the text says why."""


class Revision:
    """One tree of a repository ("": the index), as seen from the working directory."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self._place = git.checkout()
        tree = git.find_tree(self._place, name)
        if tree is None:
            raise git.missing_revision(self._place, name)
        self._tree = tree
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """What the uris of its files begin with."""
        return f"git:{self._tree or 'index'}:"

    def label(self, path: str) -> str:
        """How a report names a file: as git would take it in the working directory."""
        shown = posixpath.relpath(path, self._place.prefix or ".")
        return f"{self.name}:{path if shown.startswith('..') else shown}"

    def written(self, path: str) -> str:
        """A path as `path_of` takes it without doubt."""
        return "./" + posixpath.relpath(path, self._place.prefix or ".")

    def path_of(self, written: str) -> str:
        """The path for one as the user wrote it: from the working directory, then from the top."""
        for candidate in self._candidates(written):
            if self.kind(candidate) is not None:
                return candidate
        raise RevisionError("there is no such file")

    def _candidates(self, written: str) -> list[str]:
        path = written.replace(os.sep, "/")
        if os.path.isabs(written):
            path = "./" + os.path.relpath(written).replace(os.sep, "/")
        below = posixpath.normpath(posixpath.join(self._place.prefix, path))
        explicit = path.startswith(("./", "../"))
        found = [below] if explicit else [below, posixpath.normpath(path)]
        return [path for path in found if path != ".." and not path.startswith("../")]

    def kind(self, path: str) -> str | None:
        """Either "blob" or "tree"; None where there is nothing."""
        if path in ("", "."):
            return "tree"
        if "\n" in path:
            return None
        if self._tree:
            done = git.run(self._place.top, "cat-file", "-t", f"{self._tree}:{path}")
            return None if done.returncode else done.stdout.decode("ascii").strip()
        listed = self.files(path)
        if path in listed:
            return "blob"
        return "tree" if listed else None

    def files(self, folder: str) -> list[str]:
        """All files below a folder, sorted."""
        inside = [] if folder in ("", ".") else [folder]
        if self._tree:
            command = ["ls-tree", "-r", "-z", "--full-tree", "--name-only", self._tree, *inside]
        else:
            command = ["--literal-pathspecs", "ls-files", "-z", "--", *inside]
        listed = os.fsdecode(git.run(self._place.top, *command).stdout)
        return sorted(name for name in listed.split("\0") if name)

    def read(self, path: str) -> bytes:
        """The content of a file; symlinks inside the revision are followed. RevisionError otherwise."""
        if "\n" in path or path == ".." or path.startswith("../"):
            raise RevisionError("the path leaves the repository")
        try:
            return self._ask(path)
        except OSError as error:  # git ended
            self._stop()
            raise RevisionError(f"git cat-file stopped: {error}") from None

    def _ask(self, path: str) -> bytes:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(os.fsencode(f"{self._tree}:{path}\n"))
        process.stdin.flush()
        header = process.stdout.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            self._stop()
            self._explain(header)
        size = int(header[2])
        if size > self._limit:
            self._stop()
            raise RevisionError(f"the file is larger than {self._limit:,} bytes")
        return process.stdout.read(size + 1)[:size]

    @staticmethod
    def _explain(header: list[bytes]) -> NoReturn:
        if header[:1] == [b"symlink"]:
            raise RevisionError("it is a symlink that leaves the repository")
        if len(header) == 3 and header[1] == b"tree":
            raise RevisionError("it is a directory")
        raise RevisionError("there is no such file")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = git.batch(self._place.top)
            weakref.finalize(self, _end, self._process)
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            _end(self._process)
            self._process = None


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdout, process.stdin):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was still to be written has no reader any more
                continue
    process.wait()
