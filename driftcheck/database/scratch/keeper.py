"""Runs one scratch server as a child and cleans up after it, whatever happens to driftcheck.

Started as a script of its own: `keeper.py FOLDER UID GID COMMAND…`. It waits for its standard input to
close, which the system does even when driftcheck is killed, then stops the server and removes FOLDER.
Imports nothing of driftcheck.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Linux: the server ends when the keeper itself is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop(server: subprocess.Popen[bytes]) -> None:
    for sign, seconds in ((signal.SIGQUIT, 3), (signal.SIGKILL, 5)):
        if server.poll() is None:
            server.send_signal(sign)
            try:
                server.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


def _await_the_end(released: threading.Event) -> None:
    sys.stdin.buffer.read()
    released.set()


def main(arguments: list[str]) -> int:
    """Keep one server until standard input closes; the exit status is the server's."""
    folder, uid, gid, *command = arguments
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    os.setpgid(0, 0)
    who = {"user": int(uid), "group": int(gid), "extra_groups": []} if os.geteuid() == 0 else {}
    with open(os.path.join(folder, "log"), "wb") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - there are no threads yet
            **who,  # type: ignore[call-overload]
        )
    released = threading.Event()
    threading.Thread(target=_await_the_end, args=(released,), daemon=True).start()
    try:
        while not released.wait(0.2):
            if server.poll() is not None:
                sys.stdin.buffer.read()
                break
    finally:
        _stop(server)
        shutil.rmtree(folder, ignore_errors=True)
    return server.returncode or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
