"""Builds the models of a base revision in an interpreter of their own, so that old and new never meet.

`old_schema` starts that interpreter; `main` is what runs in it, behind the fence from its first import on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.database.connect import masked
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.checkout import Checkout
from driftcheck.database.model import Database
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import URL, MetaData

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from driftcheck.database.migrations.old_models import main; main(sys.argv[2])"
)


def old_schema(
    checkout: Checkout, models: str | None, migrations: str, url: URL, scope: Scope, extensions: Sequence[str]
) -> Database:
    """The schema that the models of the checkout make. DriftcheckError where they cannot be loaded there."""
    from driftcheck.database.sources.snapshot import load_snapshot

    folder = checkout.root.parent
    order = {
        "cwd": str(checkout.counterpart(Path.cwd())),
        "path": [str(checkout.counterpart(Path(entry or "."))) for entry in sys.path],
        "top": str(checkout.top),
        "root": str(checkout.root),
        "models": models,
        "migrations": _elsewhere(checkout, migrations),
        "url": url.render_as_string(hide_password=False),
        "schemas": list(scope.schemas),
        "version_table": scope.version_table,
        "extensions": list(extensions),
        "schema": str(folder / "schema.json"),
        "failure": str(folder / "failure"),
    }
    file = folder / "order.json"
    file.write_text(json.dumps(order), encoding="utf-8")
    file.chmod(0o600)
    _run(str(file), order["cwd"])
    failure = Path(str(order["failure"]))
    if failure.exists():
        raise DriftcheckError(failure.read_text(encoding="utf-8"))
    return load_snapshot(Path(str(order["schema"])))


def _elsewhere(checkout: Checkout, source: str) -> str:
    """The same history in the checkout; relative names are relative there too."""
    path = Path(source)
    return str(checkout.counterpart(path)) if path.is_absolute() else source


def _run(order: str, cwd: object) -> None:
    home = str(Path(__file__).resolve().parents[3])
    command = [sys.executable, "-c", _START, home, order]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(
        command,
        cwd=str(cwd),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, said = child.communicate()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode:
        lines = masked(said).strip().splitlines()
        raise DriftcheckError(lines[-1] if lines else f"the interpreter ended with {child.returncode}")


def main(file: str) -> None:
    """In the other interpreter: load, build, read, and write the schema or why there is none."""
    order = json.loads(Path(file).read_text(encoding="utf-8"))
    Path(file).unlink()
    os.chdir(order["cwd"])
    sys.path[:] = order["path"]
    _turn_finders(order["top"], order["root"])
    try:
        _build(order)
    except DriftcheckError as error:
        Path(order["failure"]).write_text(error.message, encoding="utf-8")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - old code may raise anything
        lines = masked(error).splitlines() or [""]
        Path(order["failure"]).write_text(f"{type(error).__name__}: {lines[0]}", encoding="utf-8")


def _turn_finders(top: str, root: str) -> None:
    """Editable installs find packages by a mapping: turn it to the checkout."""
    for finder in sys.meta_path:
        module = sys.modules.get(getattr(finder, "__module__", ""))
        mapping = getattr(module, "MAPPING", None)
        if not isinstance(mapping, dict):
            continue
        for name, path in list(mapping.items()):
            twin = str(path).replace(top, root, 1)
            if str(path).startswith(top) and Path(twin).exists():
                mapping[name] = twin


def _build(order: dict[str, Any]) -> None:
    from sqlalchemy.engine import make_url

    from driftcheck.database.migrations.environment import quiet
    from driftcheck.database.migrations.fence import Fence, fenced
    from driftcheck.database.sources.build import build_models
    from driftcheck.database.sources.snapshot import dump_snapshot

    url = make_url(order["url"])
    scope = Scope(tuple(order["schemas"]), order["version_table"])
    with quiet(), fenced(Fence(url, redirect=True)):
        metadatas = _metadatas(order, url)
        _stay_apart(order["top"], order["root"])
        built = build_models(metadatas, _Only(url), scope, order["extensions"])
    if built.left_out:
        raise DriftcheckError(f"{built.notes[-1].what} {built.notes[-1].why}")
    Path(order["schema"]).write_text(dump_snapshot(built.database), encoding="utf-8")


def _metadatas(order: dict[str, Any], url: URL) -> tuple[MetaData, ...]:
    from driftcheck.database.migrations.environment import learn
    from driftcheck.database.migrations.history import locate
    from driftcheck.database.migrations.replay import over
    from driftcheck.database.sources.models import load_models

    models = load_models(order["models"]) if order["models"] else None
    if models is not None and models.tables:
        return models.metadatas
    history = locate(order["migrations"])
    environment = over(url, "", [], lambda connection: learn(history, connection))
    if models is not None:  # their tables are in modules that env.py imports
        models.forgotten()
        return models.metadatas
    if not environment.metadatas:
        raise DriftcheckError(environment.notes[-1].why if environment.notes else "env.py names no models")
    return environment.metadatas


def _stay_apart(top: str, root: str) -> None:
    """DriftcheckError if code of today was imported although there is one of then."""
    for name, module in list(sys.modules.items()):
        file = str(getattr(module, "__file__", None) or "")
        if not file.startswith(top + os.sep) or "site-packages" in file or name.startswith("driftcheck"):
            continue
        if Path(root + file.removeprefix(top)).exists():
            raise DriftcheckError(f"{name} was imported from the present files")


class _Only:
    """The one scratch database that the other side gave."""

    def __init__(self, url: URL) -> None:
        self.version: tuple[int, ...] = ()
        self._url, self._used = url, False

    @contextmanager
    def database(self) -> Iterator[URL]:
        from driftcheck.database.scratch.given import empty_again

        if self._used:
            empty_again(self._url)
        self._used = True
        yield self._url
