"""A small shop over HTTP on loopback, for tools that record real calls."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PAGE = """<!doctype html><title>shop</title><script>
(async () => {
  await fetch('/orders/7?full=true').then(r => r.json());
  await fetch('/orders', {method: 'POST', headers: {'content-type': 'application/json'},
                          body: JSON.stringify({name: 'Käse', qty: 1})}).then(r => r.json());
  await fetch('/form', {method: 'POST', body: new URLSearchParams({a: '1', b: 'x y'})}).then(r => r.json());
  await fetch('data:text/plain,hi');
  await fetch('/blob').then(r => r.arrayBuffer());
  document.title = 'done';
})();
</script>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("content-length") or 0)
        sent = self.rfile.read(length)
        path = urlsplit(self.path).path
        if path == "/page":
            self.reply(200, PAGE.encode(), "text/html; charset=utf-8")
        elif path == "/blob":
            self.reply(200, bytes(range(256)), "application/octet-stream")
        elif path == "/packed":
            self.reply(
                200, gzip.compress(b'{"packed": true}'), "application/json", ("Content-Encoding", "gzip")
            )
        elif self.command == "DELETE":
            self.reply(204, b"", "")
        elif path == "/orders":
            self.reply(201, json.dumps({"id": 1, **json.loads(sent or b"{}")}).encode(), "application/json")
        else:
            self.reply(200, '{"id": 7, "name": "Käse"}'.encode(), "application/json", ("Set-Cookie", "a=1"))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def reply(self, status, content, media_type, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if media_type:
            self.send_header("Content-Type", media_type)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The base URL, while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
