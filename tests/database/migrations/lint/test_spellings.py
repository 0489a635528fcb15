"""However a danger is spelt, it is found at the line that says it, and nothing else is."""

from __future__ import annotations

import re

import pytest

from tests.database.migrations.lint.cases_spelt import BASES, SPELLINGS
from tests.database.migrations.lint.running import prepared

ALL = [(engine, name) for engine, texts in SPELLINGS.items() for name in texts]


@pytest.fixture(scope="module")
def base(postgresql):
    with prepared(postgresql, [BASES["postgresql"]]) as base:
        yield base


def marked(text):
    """What a file says is to be found: rules and lines."""
    return {
        (rule, number)
        for number, line in enumerate(text.splitlines(), 1)
        for rule in line.partition("#!")[2].split()
    }


@pytest.mark.parametrize(("engine", "name"), ALL, ids=[f"{engine}: {name}" for engine, name in ALL])
def test_the_line_is_found(engine, name, request):
    text = SPELLINGS[engine][name].strip() + "\n"
    if engine == "postgresql":
        base = request.getfixturevalue("base")
        result = base.judged(text, undo=True)
    else:
        with prepared(request.getfixturevalue(engine), [BASES[engine]]) as base:
            result = base.judged(text)
    failure, findings, about = result
    assert failure is None, failure
    assert not about
    wanted = marked(base.text)
    advice = {rule for rule, _ in wanted}
    found = {
        (finding.rule.removeprefix("migration-"), finding.locations[0].line, finding.severity)
        for finding in findings
    }
    assert {(rule, line) for rule, line, level in found if level != "info" or rule in advice} == wanted


def test_many_are_silent():
    texts = [text for texts in SPELLINGS.values() for text in texts.values()]
    assert all(re.search("#! *[a-z]", text) for text in texts if "#!" in text)
    assert 0.3 <= sum("#!" not in text for text in texts) / len(texts) <= 0.7
