"""A stand-in for the part of GitHub's REST interface that comments need, on loopback."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Server:
    """The comments of pull request 7 of shop/shop, and how the server behaves."""

    def __init__(self):
        self.comments = []
        self.requests = []
        self.tokens = set()
        self.refuses = ()  # methods that get 403
        self.fails = 0  # so many requests get 502 first
        self.moved = ""  # where everything is redirected to
        self.garbage = False
        self.url = ""

    def add(self, body, kind="Bot", association="NONE"):
        number = 1000 + len(self.comments)
        user = {"login": "somebody", "type": kind}
        self.comments.append({"id": number, "body": body, "user": user, "author_association": association})
        return number

    def body(self, number):
        return next(comment["body"] for comment in self.comments if comment["id"] == number)

    def count(self, method):
        return sum(each == method for each, _ in self.requests)

    def answer(self, method, path, query, body):
        """Status and JSON."""
        if method in self.refuses:
            return 403, {"message": "Resource not accessible by integration"}
        if method == "GET" and path == "/repos/shop/shop/issues/7/comments":
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[size * (page - 1) : size * page]
        if method == "POST" and path == "/repos/shop/shop/issues/7/comments":
            return (201, {"id": self.add(body["body"])}) if len(body["body"]) <= 65_536 else (422, {})
        found = re.fullmatch(r"/repos/shop/shop/issues/comments/(\d+)", path)
        if method == "PATCH" and found:
            comment = next(each for each in self.comments if each["id"] == int(found[1]))
            comment["body"] = body["body"]
            return 200, comment
        return 404, {"message": "Not Found"}


@contextmanager
def serving():
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def _any(self):
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            server.requests.append((self.command, self.path))
            server.tokens.add(self.headers.get("Authorization"))
            status, answer = server.answer(self.command, parts.path, parse_qs(parts.query), body)
            if server.fails:
                server.fails -= 1
                status, answer = 502, {}
            content = b"<html>" if server.garbage else json.dumps(answer).encode()
            self.send_response(302 if server.moved else status)
            if server.moved:
                self.send_header("Location", server.moved)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = _any

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
