"""Small services for replays: a function from requests to answers, on loopback."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANY = {"description": "any", "content": {"*/*": {}}}
ORDERS = {
    "openapi": "3.1.0",
    "info": {"title": "Orders", "version": "1"},
    "paths": {
        "/orders": {"get": {"responses": {"default": ANY}}, "post": {"responses": {"default": ANY}}},
        "/orders/{id}": {
            method: {"responses": {"default": ANY}} for method in ("get", "put", "patch", "delete")
        },
    },
}


@dataclass
class Asked:
    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def ok(value, status=200, *headers):
    """An answer with a JSON body."""
    return status, [["Content-Type", "application/json"], *headers], json.dumps(value).encode()


@contextmanager
def serving(answer):
    """The base URL; `answer` gives (status, headers, body), or None to hang up."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_call(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            given = answer(Asked(self.command, self.path, headers, body))
            self.close_connection = True
            if given is None:
                return
            status, pairs, content = given
            self.send_response_only(status)
            for name, value in pairs:
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_call

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
