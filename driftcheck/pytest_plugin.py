"""The pytest plugin: options, fixtures and hooks that hand on to `driftcheck.testing`.

Every run of pytest imports this, used or not: nothing but pytest may be imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

_OPTIONS = {
    "driftcheck_spec": ("SPEC", "hold every call that a test makes to this OpenAPI description"),
    "driftcheck_record": ("FILE", "record all calls that tests make, redacted, as .har or .ndjson"),
    "driftcheck_base": ("REV", "the revision that descriptions are compared with (default: as in a PR)"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """One group of options, and a key of the ini file for each."""
    group = parser.getgroup("driftcheck", "drift between contracts (driftcheck)")
    group.addoption(
        "--driftcheck",
        action="store_true",
        help="add tests of the schema, the migrations and the API as the configuration names them",
    )
    parser.addini("driftcheck", "as --driftcheck", type="bool", default=False)
    for name, (metavar, text) in _OPTIONS.items():
        group.addoption(f"--{name.replace('_', '-')}", dest=name, metavar=metavar, help=text)
        parser.addini(name, f"as --{name.replace('_', '-')}", default="")


def pytest_configure(config: pytest.Config) -> None:
    """The marker; and listening to calls, where an option asks for it."""
    config.addinivalue_line(
        "markers",
        "driftcheck(spec=True): with spec=False calls of the test need not fit --driftcheck-spec",
    )
    spec, record = _option(config, "driftcheck_spec"), _option(config, "driftcheck_record")
    if spec or record:
        from driftcheck.testing.calls import Calls

        config.pluginmanager.register(Calls(config, spec, record), "driftcheck-calls")
    if config.getoption("driftcheck") or config.getini("driftcheck"):
        config.pluginmanager.register(_Adding(), "driftcheck-adding")


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(name) or config.getini(name) or "")


class _Adding:
    """Adds the generated tests; registered only where they are asked for."""

    def __init__(self) -> None:
        self.folders: list[pytest.Collector] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember the folders, for the case that there is no test in them."""
        self.folders += [node for node in report.result or () if isinstance(node, pytest.Directory)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Before -k and -m choose among all."""
        from driftcheck.testing.generated import add

        add(session, self.folders, items)


@pytest.fixture(scope="session")
def driftcheck_config(pytestconfig: pytest.Config) -> Any:
    """The configuration, a driftcheck.Config: that of the nearest driftcheck.toml or pyproject.toml."""
    from driftcheck.testing import sides

    return sides.configuration(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def driftcheck_url(driftcheck_config: Any) -> str | None:
    """The URL of the live database (`db.url`, or the variable that `db.url-env` names)."""
    from driftcheck.testing import sides

    return sides.url(driftcheck_config)


@pytest.fixture
def driftcheck_engine(driftcheck_url: str | None) -> Any:
    """The live database: a URL, or an SQLAlchemy Engine where a test suite overrides this."""
    return driftcheck_url


@pytest.fixture(scope="session")
def driftcheck_models(driftcheck_config: Any) -> Any:
    """The models: "package.module:Base", or the base or metadata itself."""
    from driftcheck.testing import sides

    return sides.models(driftcheck_config)


@pytest.fixture(scope="session")
def driftcheck_migrations(driftcheck_config: Any) -> Any:
    """The migrations: an alembic.ini, the folder of env.py, or an alembic Config."""
    from driftcheck.testing import sides

    return sides.migrations(driftcheck_config)


@pytest.fixture(scope="session")
def driftcheck_spec(driftcheck_config: Any, pytestconfig: pytest.Config) -> Sequence[str]:
    """The descriptions of the API: --driftcheck-spec, or what is configured."""
    from driftcheck.testing import sides

    return sides.spec(driftcheck_config, _option(pytestconfig, "driftcheck_spec"))


@pytest.fixture(scope="session")
def driftcheck_migrations_report(
    driftcheck_config: Any, driftcheck_migrations: Any, driftcheck_models: Any, pytestconfig: pytest.Config
) -> Any:
    """What `driftcheck check` reports of migrations, made once."""
    from driftcheck.testing import sides

    return sides.migrations_report(
        driftcheck_config,
        pytestconfig.rootpath,
        driftcheck_migrations,
        driftcheck_models,
        sides.base(pytestconfig),
    )


@pytest.fixture
def driftcheck_db(
    driftcheck_config: Any,
    driftcheck_engine: Any,
    driftcheck_models: Any,
    driftcheck_migrations: Any,
    pytestconfig: pytest.Config,
) -> Callable[..., Any]:
    """A function that fails the test if a database has drifted: `driftcheck_db(engine)`."""
    from driftcheck.testing import sides

    return sides.database_check(
        driftcheck_config, pytestconfig.rootpath, driftcheck_engine, driftcheck_models, driftcheck_migrations
    )


@pytest.fixture
def driftcheck_api(driftcheck_config: Any, pytestconfig: pytest.Config) -> Callable[..., Any]:
    """A function that fails the test if an API breaks its callers: `driftcheck_api("main:api.yaml", new)`."""
    from driftcheck.testing import sides

    return sides.api_check(driftcheck_config, pytestconfig.rootpath)


@pytest.fixture
def driftcheck_record(request: pytest.FixtureRequest, driftcheck_config: Any) -> Iterator[Any]:
    """The calls of this test: `.calls`, `.save("calls.har")`, `.check("openapi.yaml")`."""
    from driftcheck.testing.recorded import recording

    with recording(request.node, driftcheck_config) as recorded:
        yield recorded
