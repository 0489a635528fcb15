"""Each pair of revisions goes through the whole command: what is wrong is found, and nothing else is."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from driftcheck import check_migrations
from driftcheck.config import Config, MigrationsConfig
from driftcheck.database.migrations.merged import revision_of
from driftcheck.difference import Severity
from tests.database.migrations import pairs, pairs_others
from tests.database.migrations.project import Project

_OWN = re.compile(r"\b([a-z]{0,2})T\b")
ENGINES = {"postgresql": pairs.POSTGRESQL, "mariadb": pairs_others.MARIADB, "sqlite": pairs_others.SQLITE}


def cases(engine):
    for name, alternatives in ENGINES[engine].items():
        for number, case in enumerate(alternatives):
            yield f"{name}, {number}", case


@pytest.fixture(scope="session")
def outcomes():
    """What was found, by engine: each history runs once."""
    return {}


@pytest.fixture
def found(request, outcomes, tmp_path_factory):
    engine = request.param
    if engine not in outcomes:
        scratch = request.getfixturevalue(engine)
        outcomes[engine] = run(engine, scratch, tmp_path_factory.mktemp("pairs"))
    return engine, *outcomes[engine]


def run(engine, scratch, folder):
    """The rules of each case, from one history of all of them, and the report."""
    got = defaultdict(set)
    with pytest.MonkeyPatch.context() as patch, scratch.database() as url:
        project = Project(folder, patch)
        names = {}
        for number, (name, case) in enumerate(cases(engine)):
            before, up, back = (_OWN.sub(rf"\1t{number}", text) for text in case[:3])
            project.add(f"b{number}", before, "raise NotImplementedError")
            project.add(f"r{number}", up, back)
            names[f"r{number}"] = name
        given = "auto" if engine == "sqlite" else url.render_as_string(hide_password=False)
        config = Config(migrations=MigrationsConfig(thorough=True, cache=False))
        report = check_migrations(scratch=given, config=config)
    for finding in report.findings:
        if finding.severity is not Severity.INFO or finding.rule == "ignore-unmatched":
            revision = revision_of(finding.difference) or _file(finding)
            got[names.get(revision, revision)].add(finding.rule)
    return got, report


def _file(finding):
    return finding.locations[0].file.rpartition("/")[2].removesuffix(".py") if finding.locations else ""


@pytest.mark.parametrize(
    ("found", "name"),
    [(engine, name) for engine in ENGINES for name, _ in cases(engine)],
    indirect=["found"],
)
def test_a_pair(name, found):
    engine, got, _ = found
    (rules,) = [case[3] for other, case in cases(engine) if other == name]
    assert got[name] == set(rules.split())


@pytest.mark.parametrize("found", ENGINES, indirect=True)
def test_nothing_is_said_of_what_was_before(found):
    engine, got, report = found
    assert set(got) <= {name for name, _ in cases(engine)}
    assert [item for item in report.skipped if "revisions after" in item.what] == []
