"""A private server process under the keeper, and the user it runs as (servers refuse to be root)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from driftcheck.database.scratch.memory import folder_in_memory
from driftcheck.errors import DriftcheckError

_KEEPER = Path(__file__).with_name("keeper.py")
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Owner:
    """The user a server runs as: ourselves, or "nobody" when we are root."""

    uid: int
    gid: int

    @property
    def other(self) -> bool:
        """Whether it is not us."""
        return self.uid != os.geteuid()

    def give(self, path: Path) -> None:
        """Hand a whole tree over."""
        if not self.other:
            return
        for folder, folders, files in os.walk(path):
            for name in (folder, *(os.path.join(folder, item) for item in (*folders, *files))):
                os.chown(name, self.uid, self.gid, follow_symlinks=False)


def owner() -> Owner:
    """Whom servers run as."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    import pwd

    with suppress(KeyError):
        entry = pwd.getpwnam("nobody")
        return Owner(entry.pw_uid, entry.pw_gid)
    return Owner(65534, 65534)


def run(command: Sequence[str], user: Owner, what: str) -> str:
    """Run a tool of the engine to its end; its output, or a DriftcheckError naming `what`."""
    who = {"user": user.uid, "group": user.gid, "extra_groups": []} if user.other else {}
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            command, capture_output=True, text=True, timeout=120, cwd="/", check=False, **who
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DriftcheckError(
            f"{what} could not be run: {error}", "give a scratch database with --scratch URL"
        ) from None
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no output"]
        raise DriftcheckError(f"{what} failed: {last[0]}", "give a scratch database with --scratch URL")
    return str(done.stdout)


def cache_folder() -> Path:
    """Where prepared data directories are kept; the server's user must be able to pass through it."""
    chosen = os.environ.get("DRIFTCHECK_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/cache/driftcheck")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "driftcheck"


def template(name: str, user: Owner, make: Callable[[Path], None]) -> Path:
    """A prepared data directory, made once and kept in the cache."""
    kept = cache_folder() / f"{name}-{user.uid}"
    if kept.is_dir() and kept.stat().st_uid == user.uid:
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=kept.parent))
    try:
        user.give(draft)
        make(draft)
        with suppress(OSError):
            draft.rename(kept)
            return kept
        if kept.is_dir():
            return kept
        raise DriftcheckError(f"cannot write the cache folder {kept.parent}", "set DRIFTCHECK_CACHE_DIR")
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def folder(user: Owner) -> Iterator[Path]:
    """A short-named temporary folder of the server's user (socket paths must stay below 100 bytes)."""
    path = Path(tempfile.mkdtemp(prefix="dc-", dir=folder_in_memory()))
    try:
        user.give(path)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def serving(command: Sequence[str], home: Path, user: Owner, ready: Callable[[], bool]) -> Iterator[None]:
    """The server, until the block is left; `ready` is asked until it says yes."""
    keeper = subprocess.Popen(
        [sys.executable, "-I", str(_KEEPER), str(home), str(user.uid), str(user.gid), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(keeper, home, ready, command[0])
        yield
    finally:
        assert keeper.stdin is not None
        with suppress(OSError):
            keeper.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            keeper.wait(15)


def _wait(keeper: subprocess.Popen[bytes], home: Path, ready: Callable[[], bool], name: str) -> None:
    limit = time.monotonic() + _START_SECONDS
    while not ready():
        if keeper.poll() is not None or time.monotonic() > limit:
            log = home / "log"
            lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
            raise DriftcheckError(
                f"the scratch server {Path(name).name} did not start: {lines[-1] if lines else 'no output'}",
                "give a scratch database with --scratch URL",
            )
        time.sleep(0.02)
