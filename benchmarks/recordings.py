"""Measures reading and searching a HAR of many calls, beside `json.load` of the same file.

    python -m benchmarks.recordings [CALLS ...]

Each figure is of a process of its own: processor seconds and peak memory, less those of an empty interpreter.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

WORK = {
    "json.load": "import json; json.load(open(FILE, encoding='utf-8'))",
    "read": "from driftcheck.traffic.readers import read\nfor _ in read([FILE]): pass",
    "scan": "from driftcheck.traffic.scan import scan_recordings\nscan_recordings([FILE])",
}


def entries(count: int) -> Iterator[dict[str, object]]:
    """Calls of 1.4 KB each, a part of them with credentials."""
    for number in range(count):
        items = [{"sku": f"x{index}", "qty": index} for index in range(6)]
        text = json.dumps({"id": number, "name": f"n{number}", "items": items, "total": 1.5 * number})
        headers = [{"name": "Accept", "value": "application/json"}, {"name": "User-Agent", "value": "u" * 60}]
        if number % 4 == 0:
            headers.append({"name": "Authorization", "value": f"Bearer made-up-{number:012}"})
        yield {
            "startedDateTime": "2026-01-01T00:00:00.000Z",
            "time": 12.5,
            "request": {
                "method": "GET",
                "url": f"http://api.example.test/r{number % 80}/items/{number}?limit=10",
                "httpVersion": "HTTP/1.1",
                "headers": headers,
                "queryString": [{"name": "limit", "value": "10"}],
                "cookies": [],
                "headersSize": -1,
                "bodySize": 0,
            },
            "response": {
                "status": 200,
                "statusText": "OK",
                "httpVersion": "HTTP/1.1",
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "cookies": [],
                "content": {"size": len(text), "mimeType": "application/json", "text": text},
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": -1,
            },
            "cache": {},
            "timings": {"send": 0, "wait": 1, "receive": 1},
        }


def write_har(path: Path, count: int) -> None:
    """A HAR of `count` calls."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '{"log": {"version": "1.2", "creator": {"name": "benchmark", "version": "1"}, "entries": [\n'
        )
        for number, entry in enumerate(entries(count)):
            file.write((",\n" if number else "") + json.dumps(entry, indent=1))
        file.write("]}}\n")


def cost(code: str) -> tuple[float, float]:
    """Processor seconds and megabytes of a child that runs this."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = "import resource as r; print(r.getrusage(r.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"], check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, int(done.stdout) / 1024


def main() -> None:
    """One row for each size and each way to go through the file."""
    empty_seconds, empty_memory = cost("")
    print(f"{'calls':>8}  {'MB':>6}  {'':10}  {'cpu s':>6}  {'memory MB':>9}")
    for count in [int(text) for text in sys.argv[1:]] or [2_500, 10_000]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "calls.har")
            write_har(file, count)
            size = file.stat().st_size / 1e6
            for name, code in WORK.items():
                seconds, memory = cost(code.replace("FILE", repr(str(file))))
                row = (f"{seconds - empty_seconds:6.2f}", f"{memory - empty_memory:9.0f}")
                print(f"{count:8}  {size:6.1f}  {name:10}  {'  '.join(row)}")


if __name__ == "__main__":
    main()
