"""A recording proxy in a thread, in front of a service that answers with raw bytes."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager

from driftcheck.traffic.readers import read
from driftcheck.traffic.record.proxy import Proxy
from driftcheck.traffic.record.recorder import Recorder
from driftcheck.traffic.record.target import target_of


class Service:
    """Answers each request with what `script` gives, piece by piece; `seen` are the requests."""

    def __init__(self, script):
        self.script = script
        self.seen = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            while head := self._head(stream):
                body = self._body(head, stream)
                self.seen.append((head, body))
                for piece in self.script(head, body):
                    if piece is None:
                        return
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return

    @staticmethod
    def _head(stream):
        lines = []
        while (line := stream.readline()) not in (b"\r\n", b""):
            lines.append(line.decode("latin-1").rstrip("\r\n"))
        return lines

    @staticmethod
    def _body(head, stream):
        lowered = [line.lower() for line in head]
        if "transfer-encoding: chunked" in lowered:
            content = b""
            while size := int(stream.readline(), 16):
                content += stream.read(size)
                stream.readline()
            stream.readline()
            return content
        length = next((int(line.split(":")[1]) for line in lowered if line.startswith("content-length:")), 0)
        return stream.read(length)

    def close(self):
        self.socket.close()


@contextmanager
def proxied(script, output, *, limit=1 << 20, redact=True):
    """(proxy, its port, the service) while both run."""
    service = Service(script)
    recorder = Recorder(output, redact=redact)
    proxy = Proxy(target_of(service.url), recorder, limit)
    loop = asyncio.new_event_loop()
    started = threading.Event()
    port = []

    ended = asyncio.Event()

    async def listen():
        server = await asyncio.start_server(proxy.handle, "127.0.0.1", 0)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await ended.wait()

    def run():
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(listen())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield proxy, port[0], service
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        recorder.close()
        service.close()


def ask(port, *lines, body=b""):
    """Everything that comes back on a connection of its own."""
    head = "\r\n".join([*lines, f"Host: 127.0.0.1:{port}", "Connection: close", "", ""])
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head.encode("latin-1") + body)
        parts = []
        while piece := connection.recv(1 << 16):
            parts.append(piece)
    return b"".join(parts)


def answer(*headers, body=b"", status="200 OK"):
    """The bytes of a response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def calls(path):
    return list(read([str(path)]))
