"""Every rule about recorded calls is proven by its own examples."""

from __future__ import annotations

import itertools
import json

import pytest
import yaml

from driftcheck import check_traffic
from driftcheck.config import Config, TrafficConfig
from driftcheck.database.names import Names
from driftcheck.difference import Severity
from driftcheck.judge import judge
from driftcheck.traffic.exchange import Source
from driftcheck.traffic.queries import QueryCheck
from driftcheck.traffic.readers import RecordedQuery
from driftcheck.traffic.replay.check import replay_traffic
from driftcheck.traffic.rules import RULES
from driftcheck.traffic.scan import scan_recordings
from tests.traffic.replay.service import ORDERS, serving

EVERYTHING = Config(changelog=True)
SCANNED = {"recording-secret", "recording-personal-data"}


def sql_findings(example):
    """The tables that there are, as YAML, and a statement."""
    tables = yaml.safe_load(example.expected)
    check = QueryCheck(EVERYTHING)
    check.known = Names("models", {("", name): frozenset(columns) for name, columns in tables.items()})
    check.take(RecordedQuery(Source("mocks.yaml", "keploy", 1), example.actual, "postgresql"))
    return judge(check.differences(), RULES, EVERYTHING)[0]


def replayed(example, tmp_path):
    """The recorded call, and what the service answers now ("RUN" in it is the number of the call)."""
    (tmp_path / "calls.ndjson").write_text(f"{example.expected}\n", encoding="utf-8")
    runs = itertools.count()

    def answer(request):
        if example.actual == "hang up":
            return None
        response = json.loads(example.actual.replace("{id: 7", "0").replace("RUN", str(next(runs))))[
            "response"
        ]
        text = "{id: 7" if "{id: 7" in example.actual else json.dumps(response["body"]["json"])
        return response["status"], response["headers"], text.encode()

    with serving(answer) as target:
        traffic = TrafficConfig(repeat=2 if "RUN" in example.actual else 1)
        config = Config(changelog=True, traffic=traffic)
        return replay_traffic(tmp_path / "calls.ndjson", target, ORDERS, config=config).report.findings


def findings(rule, example, tmp_path):
    written = {"openapi": "3.1.0", "info": {"title": "Example", "version": "1"}}
    recording = tmp_path / "calls.ndjson"
    try:
        line = json.dumps(json.loads(example.actual))
    except ValueError:
        line = example.actual
    recording.write_text(f"{line}\n", encoding="utf-8")
    if rule.subject.startswith("replay-"):
        return replayed(example, tmp_path)
    if rule.id in SCANNED:
        return scan_recordings([str(recording)], config=EVERYTHING).findings
    if rule.subject.startswith("recorded-query"):
        return sql_findings(example)
    spec = {**written, **yaml.safe_load(example.expected)}
    return check_traffic(recording, spec, config=EVERYTHING).findings


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_the_bad_example_fires_this_rule_and_no_other(rule, tmp_path):
    found = findings(rule, rule.bad, tmp_path)
    assert {finding.rule for finding in found} == {rule.id}
    assert {finding.severity for finding in found} == {rule.severity}
    assert all(isinstance(severity, Severity) for severity in {finding.severity for finding in found})


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_the_good_example_fires_nothing(rule, tmp_path):
    assert [finding.rule for finding in findings(rule, rule.good, tmp_path)] == []
