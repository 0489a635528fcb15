"""Measures `driftcheck api` as a whole process: CPU, wall time and peak memory, as ratios.

Every figure stands beside one of the same run (an empty interpreter, a smaller size, a peer), because
seconds of two machines, or of a busy one, cannot be compared. README.md here says how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.specs import KINDS
from driftcheck.openapi.loading import parse

Command = Sequence[str]
_NOISE = 0.1  # seconds of CPU below which a ratio says nothing


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds of CPU and of waiting, and megabytes at its peak."""

    cpu: float
    wall: float
    memory: float
    status: int

    def __str__(self) -> str:
        ended = "" if self.status in (0, 1) else f"  FAILED, exit {self.status}"
        return f"{self.cpu:7.2f} s cpu {self.wall:7.2f} s wall {self.memory:6.0f} MB{ended}"


def measure(command: Command, environment: dict[str, str], timeout: float) -> Cost:
    """Run a command to its end; `wait4` gives the resources of exactly this child."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        deadline = start + timeout
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() > deadline:
                process.kill()
            time.sleep(0.002)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / scale, process.returncode)


def best(command: Command, environment: dict[str, str], given: argparse.Namespace) -> Cost:
    """The cheapest of some runs: noise only ever adds."""
    runs = (measure(command, environment, given.timeout) for _ in range(given.repeat))
    return min(runs, key=lambda cost: cost.cpu)


def environment_with_bytecode(folder: Path) -> dict[str, str]:
    """Compiled modules go to `folder`, so that starts are not measured as compilations."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def driftcheck(old: str, new: str) -> Command:
    """The command as a user runs it."""
    return (sys.executable, "-m", "driftcheck", "api", "--format", "json", old, new)


def peers() -> dict[str, Callable[[str, str], Command]]:
    """Other tools, where they are installed."""
    known: dict[str, Callable[[str, str], Command]] = {
        "oasdiff": lambda old, new: ("oasdiff", "changelog", "-f", "json", old, new),
        "specshift": lambda old, new: ("specshift", "diff", old, new),
    }
    return {name: command for name, command in known.items() if shutil.which(name)}


def read_with_orjson(path: str) -> float:
    """Seconds of CPU to parse the values of a description: it measures the machine."""
    text = orjson.dumps(parse(Path(path).read_bytes(), path))
    start = time.process_time()
    orjson.loads(text)
    return time.process_time() - start


def compare_files(given: argparse.Namespace, environment: dict[str, str]) -> None:
    """Pairs named on the command line, against an empty interpreter and against peers."""
    nothing = best((sys.executable, "-c", "pass"), environment, given)
    print(f"{'python -c pass':28}{nothing}")
    version = best((sys.executable, "-m", "driftcheck", "--version"), environment, given)
    print(f"{'driftcheck --version':28}{version}  {version.cpu / nothing.cpu:.1f} x an empty interpreter")
    for old, new in zip(given.pairs[::2], given.pairs[1::2], strict=True):
        print(f"\n{old} → {new}  ({Path(new).stat().st_size / 1e6:.1f} MB)")
        reading = min(read_with_orjson(new) for _ in range(given.repeat))
        ours = best(driftcheck(old, new), environment, given)
        reading = min(reading, *(read_with_orjson(new) for _ in range(given.repeat)))
        print(f"{'  orjson.loads of NEW':28}{reading:7.3f} s cpu")
        print(f"{'  driftcheck':28}{ours}  {ours.cpu / reading:.1f} x orjson.loads")
        for name, command in given.peers.items():
            theirs = best(command(old, new), environment, given)
            print(
                f"{'  ' + name:28}{theirs}  {theirs.cpu / ours.cpu:.1f} x our cpu, "
                f"{theirs.memory / ours.memory:.1f} x our memory"
            )


def grow(kind: str, edit: str, given: argparse.Namespace, environment: dict[str, str], folder: Path) -> None:
    """The same kind of spec in growing sizes; twice the size should cost about twice as much."""
    print(f"\n{kind}, edit {edit}")
    print(f"{'  size':>8}{'MB':>8}  {'':42}{'size':>7}{'cpu':>7}  (times the row above)")
    empty = write(folder, "paths", 1, "none")
    start = best(driftcheck(empty, empty), environment, given).cpu
    before: tuple[int, float] | None = None
    for size in given.sizes:
        old, new = write(folder, kind, size, "none"), write(folder, kind, size, edit)
        cost = best(driftcheck(old, new), environment, given)
        own = cost.cpu - start
        ratio = f"{size / before[0]:6.1f}x{own / before[1]:6.1f}x" if before and before[1] > _NOISE else ""
        print(f"{size:>8}{Path(new).stat().st_size / 1e6:>8.2f}  {cost!s:42}{ratio}")
        for name, command in given.peers.items():
            theirs = measure(command(old, new), environment, given.timeout)
            print(f"{'':18}{theirs!s:42}  {name}, {theirs.cpu / cost.cpu:.1f} x our cpu")
        before = (size, own)


def write(folder: Path, kind: str, size: int, edit: str) -> str:
    """A generated document as a file."""
    path = folder / f"{kind}-{size}-{edit}.json"
    if not path.exists():
        path.write_text(json.dumps(KINDS[kind](size, edit)), encoding="utf-8")
    return str(path)


def main() -> None:
    """Measure the pairs given, or generated specs of growing size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument("pairs", nargs="*", metavar="OLD NEW", help="spec files, two by two")
    parser.add_argument("--grow", action="append", metavar="KIND[:EDIT]", help=f"one of {', '.join(KINDS)}")
    parser.add_argument("--sizes", default="50,100,200,400,800", help="sizes for --grow")
    parser.add_argument("--repeat", type=int, default=3, help="runs, of which the cheapest counts")
    parser.add_argument("--timeout", type=float, default=120, help="seconds until a run is killed")
    parser.add_argument("--no-peers", action="store_true", help="measure driftcheck only")
    given = parser.parse_args()
    given.sizes = [int(size) for size in given.sizes.split(",")]
    given.peers = {} if given.no_peers else peers()
    sys.setrecursionlimit(100_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = environment_with_bytecode(folder)
        small = write(folder, "paths", 3, "one")
        measure(driftcheck(small, small), environment, given.timeout)  # compiles what is imported
        if given.pairs or not given.grow:
            compare_files(given, environment)
        for spec in given.grow or (
            [] if given.pairs else ["payments:one", "payments:many", "payments:rename"]
        ):
            kind, _, edit = spec.partition(":")
            grow(kind, edit or "one", given, environment, folder)


if __name__ == "__main__":
    main()
