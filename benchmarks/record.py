"""Measures what the recording proxy adds to a request, at a fixed rate and with redaction on.

Both ways are asked in turns in the same run, because milliseconds of two machines cannot be compared.
README.md here says how to read it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_BODY = json.dumps(
    {
        "customer": {"id": 7, "email": "mona.keller@kellermail.de"},
        "lines": [{"id": n, "state": "open", "sku": f"A-{n}", "total": n * 1.5} for n in range(20)],
    }
).encode()
_SERVICE = """
import asyncio, sys
BODY = {body!r}
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(BODY)
async def serve(reader, writer):
    try:
        while await reader.readuntil(b"\\r\\n\\r\\n"):
            writer.write(HEAD + BODY)
    except (asyncio.IncompleteReadError, OSError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


class Client:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.lock = asyncio.Lock()

    async def connect(self) -> Client:
        """Open it."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def ask(self) -> float:
        """Milliseconds for one request."""
        async with self.lock:
            start = time.perf_counter()
            self.writer.write(
                b"GET /orders?limit=20 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
                b"Authorization: Bearer k3J9sQ2mV7xT1zB8\r\nUser-Agent: benchmark\r\n\r\n"
            )
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
            )
            await self.reader.readexactly(length)
            return (time.perf_counter() - start) * 1000


async def at_rate(ports: dict[str, int], rate: int, seconds: float) -> dict[str, list[float]]:
    """Latencies of each way; requests are sent when it is their time, however long others take."""
    clients = {name: [await Client(port).connect() for _ in range(10)] for name, port in ports.items()}
    found: dict[str, list[float]] = {name: [] for name in ports}
    for name, many in clients.items():  # each alone, so that none pays for another
        tasks = []
        start = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            tasks.append(asyncio.ensure_future(many[number % len(many)].ask()))
        found[name] = list(await asyncio.gather(*tasks))
    return found


def main() -> int:
    """Print the latencies and the processor time; status 1 where the proxy adds 3 ms or more in the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="requests a second")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long, for each way")
    given = parser.parse_args()
    service = subprocess.Popen(
        [sys.executable, "-c", _SERVICE.format(body=_BODY)], stdout=subprocess.PIPE, text=True
    )
    assert service.stdout is not None
    port = int(service.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        proxy = subprocess.Popen(
            [sys.executable, "-m", "driftcheck", "traffic", "record", "--target", f"http://127.0.0.1:{port}",
             "-o", str(Path(folder) / "run.har")],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert proxy.stderr is not None
        url = proxy.stderr.readline().split("recording ")[1].split(" ")[0]
        try:
            ports = {"direct": port, "proxy": int(url.rpartition(":")[2])}
            asyncio.run(at_rate(ports, given.rate, 0.5))  # both have imported and opened all they need
            found = asyncio.run(at_rate(ports, given.rate, given.seconds))
        finally:
            proxy.terminate()
            proxy.wait()
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            service.terminate()
            service.wait()
    for name, times in found.items():
        median, late = (statistics.quantiles(times, n=100)[place] for place in (49, 98))
        print(
            f"{name:7} mean {statistics.fmean(times):6.2f} ms   median {median:6.2f} ms   99% {late:6.2f} ms"
        )
    added = statistics.fmean(found["proxy"]) - statistics.fmean(found["direct"])
    print(
        f"added   mean {added:6.2f} ms at {given.rate} requests/s, {len(_BODY)} bytes, redacted and written"
    )
    count = given.rate * (given.seconds + 0.5)
    print(f"processor time of the proxy: {(used.ru_utime + used.ru_stime) / count * 1000:.2f} ms a request")
    return int(added >= 3)


if __name__ == "__main__":
    raise SystemExit(main())
