"""Measures what the pytest plugin costs a run that does not use it, beside what importing pytest costs.

`python -m benchmarks.plugin [--repeat N]`; the aim: under 5 ms, and a twentieth of pytest's import.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

_PROBE = """
import time
began = time.process_time()
import pytest
between = time.process_time()
import driftcheck.pytest_plugin
print(between - began, time.process_time() - between)
"""


def measured(repeat: int) -> tuple[float, float]:
    """The cheapest of `repeat` imports of pytest, and of the plugin after it, in seconds of CPU."""
    runs = [
        tuple(map(float, subprocess.check_output([sys.executable, "-c", _PROBE], text=True).split()))
        for _ in range(repeat)
    ]
    return min(first for first, _ in runs), min(second for _, second in runs)


def main() -> None:
    """Print both, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=10)
    pytest, plugin = measured(parser.parse_args().repeat)
    print(f"import pytest           {pytest * 1000:7.1f} ms")
    print(f"driftcheck.pytest_plugin {plugin * 1000:6.1f} ms   {plugin / pytest:.1%}")


if __name__ == "__main__":
    main()
