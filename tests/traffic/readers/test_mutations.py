"""Every value of every fixture replaced by something it should not be: readers tell, and never crash."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import yaml

from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.readers import read, read_queries
from driftcheck.traffic.readers.ndjson import line_of
from driftcheck.traffic.redact import Redactor
from tests.traffic.readers.conftest import FIXTURES

JUNK = (None, True, 3, -1.5, "junk", [], {}, [3, None], {"junk": [{}]})
FILES = sorted(
    path.relative_to(FIXTURES).as_posix()
    for path in FIXTURES.rglob("*")
    if path.suffix in (".har", ".json", ".yaml", ".ndjson")
    and "__files" not in path.parts
    and "reports" not in path.parts
)


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def with_junk(value, path, junk):
    made = copy.deepcopy(value)
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = junk
    return made


def documents_of(name):
    text = (FIXTURES / name).read_text("utf-8")
    if name.endswith(".yaml"):
        return list(yaml.load_all(text, yaml.BaseLoader if "keploy" in name else yaml.SafeLoader))
    if name.endswith(".ndjson"):
        return [json.loads(line) for line in text.splitlines()]
    return [json.loads(text)]


def dumped(name, documents):
    if name.endswith(".yaml"):
        return yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)
    return "\n".join(json.dumps(document) for document in documents)


@pytest.mark.parametrize("name", FILES)
def test_no_value_in_the_wrong_place_breaks_a_reader(name, tmp_path):
    file = tmp_path / "set" / "tests" / Path(name).name
    file.parent.mkdir(parents=True)
    redactor = Redactor(b"k")
    documents = documents_of(name)
    count = 0
    for index, document in enumerate(documents):
        for number, path in enumerate(places(document)):
            if not path:
                continue
            mutated = with_junk(document, path, JUNK[(number + index) % len(JUNK)])
            file.write_text(
                dumped(name, [*documents[:index], mutated, *documents[index + 1 :]]), encoding="utf-8"
            )
            for item in read([str(file)]):
                count += 1
                if isinstance(item, Exchange):
                    line_of(redactor.exchange(item))
            list(read_queries([str(file)]))
            redactor.json(mutated)
    assert count
