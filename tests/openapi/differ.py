"""Compares two small documents given as YAML and says what was found: for the tests of comparing/."""

from __future__ import annotations

from datetime import date

import yaml

from driftcheck.config import ApiConfig, Config
from driftcheck.difference import Side
from driftcheck.judge import judge
from driftcheck.openapi.compare import compare_documents
from driftcheck.openapi.node import Document, Resource, UnresolvedError
from driftcheck.openapi.rules import RULES
from tests.openapi.documents import copied

TODAY = date(2030, 6, 15)
VERSIONS = {"2.0": {"swagger": "2.0"}, "3.0": {"openapi": "3.0.3"}, "3.1": {"openapi": "3.1.0"}}
VERSIONS["3.2"] = {"openapi": "3.2.0"}


def document(source, side=Side.EXPECTED, version="3.1", files=None):
    """A Document of a YAML text or a parsed value; `files` are further files by name."""
    written = parsed(source)
    if isinstance(written, dict):
        written = {**VERSIONS[version], **written}
    base = f"file:///{side}/"
    others = {base + name: Resource(base + name, name, parsed(text)) for name, text in (files or {}).items()}
    root = Resource(base + "root.yaml", "root.yaml", written)

    def fetch(uri, reference):
        if uri == root.uri:
            return root
        if uri not in others:
            raise UnresolvedError(reference, "there is no such file")
        return others[uri]

    return Document(side, "root.yaml", version, root, fetch)


def parsed(source):
    """YAML text as a value with text keys, as loading/ gives it; other values as they are."""
    return copied(yaml.safe_load(source)) if isinstance(source, str) else source


def compared(old, new, version="3.1", new_version=None, files=(None, None), **settings):
    """(differences, skipped) of the two documents."""
    api = {name: settings.pop(name) for name in list(settings) if name in ApiConfig.__dataclass_fields__}
    config = Config(**{"changelog": True, **settings}, api=ApiConfig(**api))
    sides = (
        document(old, Side.EXPECTED, version, files[0]),
        document(new, Side.ACTUAL, new_version or version, files[1]),
    )
    differences, skipped = compare_documents(*sides, config, today=TODAY)
    return differences, skipped, config


def findings(old, new, **settings):
    """What the judge makes of the differences, compatible changes included."""
    differences, _, config = compared(old, new, **settings)
    return judge(differences, RULES, config)[0]


def finding(old, new, **settings):
    """The only finding."""
    found = findings(old, new, **settings)
    assert len(found) == 1, said(old, new, **settings)
    return found[0]


def said(old, new, **settings):
    """Each finding in a line: severity, rule, object."""
    return sorted(
        f"{each.severity} {each.rule} @ {each.difference.object}" for each in findings(old, new, **settings)
    )


def skipped(old, new, **settings):
    """What could not be compared."""
    return compared(old, new, **settings)[1]


def operation(members="", method="get", path="/items", more=""):
    """A document with one operation of these members (YAML, without responses unless written)."""
    lines = "".join(f"\n      {line}" for line in members.strip("\n").splitlines())
    return f"paths:\n  {path}:\n    {method}:{lines or ' {}'}\n{more}"
