"""Every rule of this part fires on its bad example, and on none of its good one."""

import pytest

from driftcheck.config import Config, FuzzConfig
from driftcheck.fuzz.check import check_service
from driftcheck.fuzz.rules import RULES
from tests.fuzz.service import Service, spec_of

# What an example needs beside the usual: which phases, and what is set.
PHASES = {"service-use-after-delete": ("stateful",), "service-created-not-found": ("stateful",)}
OPTIONS = {
    "service-slow": {"max_response_time": 0.2},
    "service-auth-ignored": {"header": ("Authorization: Bearer good",)},
}
OPTIONS["service-status-undocumented-5xx"] = {"exclude_checks": ("not_a_server_error",)}
OLD = {  # `against` draws from the old contract: there the new description is another one
    "service-refuses-old-request": {"type": "object", "required": ["qty", "unit"]},
}


BY_URL = {"service-no-answer"}  # a connection that can break off


def report_of(rule, example, served):
    spec = spec_of(example.expected)
    fuzz = FuzzConfig(
        phases=PHASES.get(rule.id, ("coverage", "fuzzing")), max_examples=12, **OPTIONS.get(rule.id, {})
    )
    service = Service(spec, example.actual)
    if rule.id in BY_URL:
        return check_service(spec, url=served(service), config=Config(changelog=True, fuzz=fuzz))
    if rule.id not in OLD:
        return check_service(spec, app=service, config=Config(changelog=True, fuzz=fuzz))
    new = spec_of(example.expected)
    new["paths"]["/items"]["post"]["requestBody"]["content"]["application/json"]["schema"] = OLD[rule.id]
    return check_service(new, against=spec, app=service, config=Config(changelog=True, fuzz=fuzz))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_fires_the_rule(rule, served):
    report = report_of(rule, rule.bad, served)
    assert {each.rule for each in report.findings} == {rule.id}, [each.message for each in report.findings]
    assert all(each.severity is rule.severity for each in report.findings)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_is_silent(rule, served):
    report = report_of(rule, rule.good, served)
    assert [(each.rule, each.message) for each in report.findings] == []
    assert [each.why for each in report.skipped if "Error" in each.why] == []
