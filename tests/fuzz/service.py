"""A service made from the table of a rule's example (see driftcheck/fuzz/rules.py): WSGI, no framework."""

import json
import re
import time
from urllib.parse import parse_qs

import jsonschema_rs
import yaml

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "example", "version": "1"}}


def spec_of(text):
    return {**DOCUMENT, **yaml.safe_load(text)}


class Service:
    """Answers what the table says; remembers what was stored and deleted, and all that it was asked."""

    def __init__(self, spec, table):
        self.spec = spec
        self.lines = yaml.safe_load(table)
        self.gone = set()
        self.asked = []

    def __call__(self, environ, start_response):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append((method, path, body))
        status, headers, content = self.answer(method, path, body, environ)
        if self.breaks(method, path):
            headers = headers | {"Content-Length": str(2 * len(content) + 1)}
        start_response(f"{status} Whatever", [(name, value) for name, value in headers.items() if value])
        return [content]

    def breaks(self, method, path):
        """Whether more is promised than will come."""
        return any(line.get("breaks") for label, line in self.lines.items() if self.fits(label, method, path))

    def answer(self, method, path, body, environ):
        label = next((each for each in self.lines if self.fits(each, method, path)), None)
        if label is None:
            return self.no_such(method, path)
        line = self.lines[label]
        if line.get("raises"):
            raise LookupError(line["raises"])
        if "seconds" in line:
            time.sleep(line["seconds"])
        if line.get("secured") and not environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer good"):
            return 401, {"Content-Type": "application/json"}, b"{}"
        if "store" in line:
            return self.stored(line["store"], path)
        strange = body and not environ.get("CONTENT_TYPE", "application/json").startswith("application/json")
        if strange and "strange-media" in line:
            return line["strange-media"], {"Content-Type": "application/json"}, b"{}"
        if line.get("refuses") and not self.valid(label, body, environ):
            return line["refuses"], {"Content-Type": "application/json"}, b"{}"
        if method == "POST":
            self.gone.clear()
        content = line["text"].encode() if "text" in line else json.dumps(line.get("body", {})).encode()
        return line["status"], {"Content-Type": "application/json"} | line.get("headers", {}), content

    def fits(self, label, method, path):
        known, template = label.split(" ")
        pattern = re.sub(r"\{[^{}]*\}", "[^/]+", template)
        return known == method and re.fullmatch(pattern, path) is not None

    def no_such(self, method, path):
        same = [each.split(" ")[0] for each in self.lines if self.fits(f"X {each.split(' ')[1]}", "X", path)]
        if not same:
            return 404, {"Content-Type": "application/json"}, b"{}"
        first = next(iter(self.lines.values()))
        if "other-methods" in first:
            return first["other-methods"], {"Content-Type": "application/json"}, b"{}"
        return 405, {"Allow": first.get("allow", ", ".join(same))}, b""

    def stored(self, what, path):
        if path != "/items/7" or path in self.gone:
            return 404, {"Content-Type": "application/json"}, b"{}"
        if what == "delete":
            self.gone.add(path)
            return 204, {}, b""
        return 200, {"Content-Type": "application/json"}, b"{}"

    def valid(self, label, body, environ):
        method, path = label.split(" ")
        operation = self.spec["paths"][path][method.lower()]
        for parameter in operation.get("parameters", ()):
            name = f"HTTP_{parameter['name'].upper().replace('-', '_')}"
            if parameter["in"] == "header" and name not in environ:
                return False
        if set(parse_qs(environ.get("QUERY_STRING", ""))) - {
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        }:
            return False
        if "requestBody" not in operation:
            return True
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        if not environ.get("CONTENT_TYPE", "").startswith("application/json"):
            return False
        try:
            return jsonschema_rs.is_valid(schema, json.loads(body))
        except ValueError:
            return False
