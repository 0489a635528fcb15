"""Services at URLs, on loopback."""

import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest


@pytest.fixture
def served():
    """A URL at which a Service answers, on loopback."""
    stops = []

    class Silent(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    def serve(app):
        server = make_server("127.0.0.1", 0, app, handler_class=Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        stops.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in stops:
        server.shutdown()
        thread.join()
        server.server_close()
