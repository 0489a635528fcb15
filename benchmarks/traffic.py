"""Measures `driftcheck traffic check` as a whole process, and other validators on a part of the same calls.

Every figure stands beside one of the same run, because seconds of two machines cannot be compared.
README.md here says how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.api import best, environment_with_bytecode

_OPERATIONS = 80
_BAD = 0.05  # the part of the answers that breaks the description


def description() -> dict[str, Any]:
    """Forty resources that are read and written."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {
        "Owner": _object(id={"type": "string", "format": "uuid"}, name={"type": "string"})
    }
    for number in range(_OPERATIONS // 2):
        item = {"application/json": {"schema": {"$ref": f"#/components/schemas/Item{number}"}}}
        answers = {"200": {"description": "ok", "content": item}}
        key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}
        paths[f"/res{number}/{{id}}"] = {
            "get": {"parameters": [key, limit], "responses": answers},
            "put": {"parameters": [key], "requestBody": {"content": item}, "responses": answers},
        }
        schemas[f"Item{number}"] = _item()
    return {
        "openapi": "3.1.0",
        "info": {"title": "calls", "version": "1"},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _item() -> dict[str, Any]:
    item = _object(
        id={"type": "integer"},
        name={"type": "string", "maxLength": 50},
        created={"type": "string", "format": "date-time"},
        email={"type": "string", "format": "email"},
        state={"enum": ["new", "open", "closed"]},
        price={"type": "number", "minimum": 0},
        tags={"type": "array", "items": {"type": "string"}},
        owner={"$ref": "#/components/schemas/Owner"},
        note={"type": ["string", "null"]},
    )
    return {**item, "required": ["id", "name", "created"]}


def _value(chance: random.Random) -> dict[str, Any]:
    return {
        "id": chance.randint(1, 9999),
        "name": f"name {chance.randint(1, 99999)}",
        "created": "2024-01-31T12:00:00Z",
        "email": "someone@example.com",
        "state": chance.choice(["new", "open", "closed"]),
        "price": "free" if chance.random() < _BAD else round(chance.random() * 100, 2),
        "tags": ["a", "b"],
        "owner": {"id": "123e4567-e89b-12d3-a456-426614174000", "name": "someone"},
        "note": None,
    }


def entries(count: int) -> list[dict[str, Any]]:
    """The calls as a HAR has them: four of ten write."""
    chance = random.Random(1)
    found = []
    for _ in range(count):
        url = f"https://api.example.com/v1/res{chance.randrange(_OPERATIONS // 2)}/{chance.randint(1, 9999)}"
        headers = [{"name": "Accept", "value": "*/*"}, {"name": "Content-Type", "value": "application/json"}]
        request: dict[str, Any] = {"method": "GET", "url": url, "headers": headers, "queryString": []}
        if chance.random() < 0.4:
            text = json.dumps(_value(chance))
            request |= {"method": "PUT", "postData": {"mimeType": "application/json", "text": text}}
        else:
            request["url"] += f"?limit={chance.randint(1, 100)}"
        content = {"mimeType": "application/json", "text": json.dumps(_value(chance))}
        found.append(
            {"request": request, "response": {"status": 200, "headers": headers, "content": content}}
        )
    return found


def jsonschema_bodies(spec: dict[str, Any], calls: Sequence[dict[str, Any]]) -> None:
    """The python-jsonschema package, validators made once, bodies of answers only."""
    import jsonschema

    made = {
        name: jsonschema.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        )
        for name in spec["components"]["schemas"]
    }
    for call in calls:
        name = call["request"]["url"].split("/")[4].replace("res", "Item")
        made[name].is_valid(json.loads(call["response"]["content"]["text"]))


_WRITE = """
import json
from benchmarks.traffic import entries
with open({har!r}, "w") as file:
    json.dump({{"log": {{"version": "1.2", "entries": entries({count})}}}}, file)
"""


def seconds(work: Callable[[], object]) -> float:
    """CPU of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


_OPENAPI_CORE = """
import json, sys, time
sys.path.insert(0, {folder!r})
from openapi_core_verdicts import Got, OpenAPI, OpenAPIError, Sent
spec, calls = json.load(open({spec!r})), json.load(open({har!r}))["log"]["entries"][:{count}]
start = time.process_time()
api = OpenAPI.from_dict(spec)
Sent.host_url = "https://api.example.com"
for call in calls:
    sent = Sent(call["request"]["url"], call["request"].get("postData", {{}}).get("text", ""))
    sent.method = call["request"]["method"].lower()
    for check in (lambda: api.validate_request(sent),
                  lambda: api.validate_response(sent, Got(200, call["response"]["content"]["text"]))):
        try:
            check()
        except OpenAPIError:
            pass
print(time.process_time() - start)
"""


def openapi_core(python: str, spec: Path, har: Path, count: int) -> float:
    """Requests and answers, by a Python that has openapi-core."""
    folder = str(Path(__file__).parent.parent / "tests" / "traffic")
    script = _OPENAPI_CORE.format(folder=folder, spec=str(spec), har=str(har), count=count)
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print one line for each way to do it, per thousand calls, and as a ratio to driftcheck."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--part", type=int, default=500, help="calls that the others are given")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=120)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spec, described, har = description(), folder / "openapi.json", folder / "calls.har"
        described.write_text(json.dumps(spec))
        write = (sys.executable, "-c", _WRITE.format(count=given.calls, har=str(har)))
        subprocess.run(write, check=True)  # not here: a child's peak begins with the memory of its parent
        environment = environment_with_bytecode(folder)
        command = (
            sys.executable,
            "-m",
            "driftcheck",
            "traffic",
            "check",
            str(har),
            "--spec",
            str(described),
            "-q",
        )
        best(command, environment, argparse.Namespace(repeat=1, timeout=given.timeout))
        cost = best(command, environment, given)
        ours = cost.cpu / given.calls
        print(f"driftcheck, all of it   {cost}  {1000 * ours:8.3f} s per 1000 calls      1.0")
        others = {"json.loads of the HAR": seconds(lambda: json.loads(har.read_text())) / given.calls}
        part = entries(given.part)
        others["jsonschema, answers only"] = seconds(lambda: jsonschema_bodies(spec, part)) / len(part)
        python = os.environ.get("DRIFTCHECK_OPENAPI_CORE")
        if python:
            others["openapi-core"] = openapi_core(python, described, har, len(part)) / len(part)
        for label, each in others.items():
            print(f"{label:<50} {1000 * each:15.3f} s per 1000 calls {each / ours:8.1f}")


if __name__ == "__main__":
    main()
