"""Documents over HTTP, from a server in this process."""

import gzip
import http.server
import threading
from base64 import b64encode

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Anchor, Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import Locator, load
from driftcheck.openapi.node import Node, UnresolvedError

SPEC = b"openapi: 3.0.0\npaths: {}\n"
REMOTE = ApiConfig(allow_remote_refs=True, timeout=5)


class Server:
    """Answers by path from a dict of bodies, or of functions of the request handler."""

    def __init__(self, routes):
        self.seen = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.seen.append((self.path, dict(self.headers)))
                answer = routes.get(self.path.partition("?")[0])
                if callable(answer):
                    answer(self)
                elif answer is None:
                    self.send_error(404, "Not Found")
                else:
                    respond(self, answer)

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def respond(handler, body, status=200, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def redirect(target):
    return lambda handler: respond(handler, b"", 302, Location=target)


@pytest.fixture
def serve(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    running = []

    def start(routes):
        running.append(Server(routes))
        return running[-1]

    yield start
    for server in running:
        server.close()


def opened(url, settings=REMOTE):
    return load(url, Side.EXPECTED, settings)


def failure(url, settings=REMOTE):
    with pytest.raises(DriftcheckError) as caught:
        opened(url, settings)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("body", [SPEC, b'{"openapi": "3.0.0", "paths": {}}'])
@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/", "/spec?format=x"])
def test_the_content_tells_the_format(serve, body, path):
    server = serve({path.partition("?")[0]: body})
    document = opened(server.url + path)
    assert document.version == "3.0"
    assert document.label == server.url + path


def test_gzip_is_unpacked(serve):
    server = serve({"/a": lambda handler: respond(handler, gzip.compress(SPEC), Content_Encoding="gzip")})
    assert opened(server.url + "/a").version == "3.0"
    assert server.seen[0][1]["Accept-Encoding"] == "gzip"


def test_credentials_are_sent_and_never_shown(serve):
    server = serve({"/a.yaml": SPEC + b"x: {$ref: b.yaml}\n", "/b.yaml": b"x: 1"})
    document = opened(f"http://us%40er:pa%3Ass@{server.host}/a.yaml?token=t0psecret")
    sent = "Basic " + b64encode(b"us@er:pa:ss").decode()
    assert server.seen[0] == ("/a.yaml?token=t0psecret", {**server.seen[0][1], "Authorization": sent})
    assert document.label == f"http://***@{server.host}/a.yaml?token=***"
    assert "ss" not in document.root.uri.partition("?")[0]
    assert document.resolve(document.node.child("x")).value == {"x": 1}
    assert server.seen[1][1]["Authorization"] == sent


def test_credentials_do_not_follow_a_redirect_to_another_host(serve):
    other = serve({"/b": SPEC})
    server = serve({"/a": redirect(other.url + "/b"), "/c": redirect("/d"), "/d": SPEC})
    assert opened(f"http://u:p@{server.host}/a").version == "3.0"
    assert "Authorization" not in other.seen[0][1]
    assert opened(f"http://u:p@{server.host}/c").version == "3.0"
    assert "Authorization" in server.seen[-1][1]


def test_references_count_from_where_a_redirect_led(serve):
    server = serve(
        {"/a": redirect("/v2/b.yaml"), "/v2/b.yaml": SPEC + b"x: {$ref: c.yaml}", "/v2/c.yaml": b"x: 1"}
    )
    document = opened(server.url + "/a")
    assert document.resolve(document.node.child("x")).value == {"x": 1}


def test_a_redirected_reference_is_fetched_once(serve):
    server = serve({"/a": SPEC, "/b": redirect("/c"), "/c": b"x: 1"})
    document = opened(server.url + "/a")
    node = document.resolve(Node({"$ref": "b"}, document.root))
    assert document.fetch(node.resource.uri, "again") is node.resource
    assert [path for path, _ in server.seen] == ["/a", "/b", "/c"]


def test_remote_references_need_permission(serve):
    server = serve({"/a.yaml": SPEC, "/b.yaml": b"x: 1"})
    document = opened(server.url + "/a.yaml", ApiConfig())
    for reference in ("b.yaml", server.url + "/b.yaml", "https://elsewhere.invalid/b.yaml"):
        with pytest.raises(UnresolvedError, match="--allow-remote-refs"):
            document.resolve(Node({"$ref": reference}, document.root))
    assert len(server.seen) == 1


def test_a_file_may_refer_to_a_url_with_permission(serve, write):
    server = serve({"/b.yaml": b"x: 1"})
    write({"a.yaml": "openapi: 3.0.0"})
    document = opened("a.yaml")
    assert document.resolve(Node({"$ref": server.url + "/b.yaml#/x"}, document.root)).value == 1
    with pytest.raises(UnresolvedError, match=r"cannot be fetched: the server answered 404 Not Found"):
        document.resolve(Node({"$ref": server.url + "/c.yaml"}, document.root))


@pytest.mark.parametrize("reference", ["file:///etc/hostname", "/etc/hostname/../../x", "git:0:x"])
def test_a_remote_document_reads_no_local_file(serve, reference):
    server = serve({"/a.yaml": SPEC})
    document = opened(server.url + "/a.yaml")
    with pytest.raises(UnresolvedError, match=r"local files|404|git: addresses"):
        document.resolve(Node({"$ref": reference}, document.root))


def test_places_have_no_line_where_there_is_no_file(serve):
    server = serve({"/a.yaml": SPEC})
    document = opened(server.url + "/a.yaml")
    (place,) = Locator().locate(document, [Anchor(Side.EXPECTED, document.root.uri, "/paths")])
    assert (place.file, place.line, place.column) == (server.url + "/a.yaml", None, None)


def test_what_goes_wrong_is_one_sentence_without_credentials(serve):
    def slow(handler):
        threading.Event().wait(2)

    def drop(handler):
        handler.connection.close()

    server = serve(
        {
            "/html": b"<!doctype html>",
            "/slow": slow,
            "/drop": drop,
            "/large": b"x" * 2000,
            "/bomb": lambda h: respond(h, gzip.compress(b"x" * 10**6), Content_Encoding="gzip"),
            "/bad": lambda h: respond(h, b"not gzip", Content_Encoding="gzip"),
            "/ftp": redirect("ftp://host/x"),
            "/file": redirect("file:///etc/passwd"),
            "/loop": redirect("/loop"),
            "/denied": lambda h: respond(h, b"", 401),
        }
    )
    base = f"http://u:secret@{server.host}"
    settings = ApiConfig(max_bytes=1000, timeout=0.5)
    shown = f"http://***@{server.host}"
    expected = {
        "/html": f"{shown}/html: this is an HTML or XML page",
        "/missing": f"{shown}/missing cannot be fetched: the server answered 404 Not Found",
        "/denied": "the server answered 401 Unauthorized",
        "/slow": "there was no answer within 0.5 s",
        "/drop": "cannot be fetched: ",
        "/large": "the document is larger than 1,000 bytes",
        "/bomb": "the document is larger than 1,000 bytes",
        "/bad": "cannot be fetched: ",
        "/ftp": "the server redirects to ftp://host/x, which is not http",
        "/file": "cannot be fetched: the server answered 302",
        "/loop": "the server answered 302",
    }
    for path, message in expected.items():
        found = failure(base + path, settings)
        assert message in found, path
        assert "secret" not in found


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://host.invalid/x", "http://[::1", "http://h:port/x", "http://"]
)
def test_servers_that_are_not_there(serve, url):
    assert "cannot be fetched" in failure(url)
