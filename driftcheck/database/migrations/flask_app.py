"""The application that env.py of Flask-Migrate asks: found as `flask db` finds it, or by its text.

It is made behind a fence that lets no connection through: what makes tables on the way is not a migration.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.database.migrations.fence import Fence, fenced
from driftcheck.errors import DriftcheckError
from driftcheck.importing import import_path

if TYPE_CHECKING:
    from sqlalchemy import URL

_MAKES_ONE = re.compile(rb"\bFlask\(\s*(?:__name__|import_name|[\"'])")
_NAMED = re.compile(r"^\s*(?:export\s+)?FLASK_APP\s*=\s*[\"']?([^\"'\s#]+)", re.MULTILINE)
_MOST = 20  # files that are looked at
_HINT = "set FLASK_APP, as for `flask db`"


def is_missed(reasons: Iterable[BaseException]) -> bool:
    """Whether env.py failed because it asked Flask for an application."""
    return "flask" in sys.modules and any("outside of application context" in str(each) for each in reasons)


@contextmanager
def pushed(url: URL) -> Iterator[None]:
    """Within the context of the project's application; DriftcheckError says why there is none."""
    with fenced(Fence(url)):
        app = _application()
    with app.app_context():
        try:
            yield
        finally:
            _forget_connections(app)


def _application() -> Any:
    from click import ClickException
    from flask.cli import ScriptInfo

    before = Path.cwd()
    for name in _names(before):
        try:
            return ScriptInfo(app_import_path=name).load_app()
        except ClickException:
            continue  # no application there, or several
        except (Exception, SystemExit) as error:
            said = str(error).partition("\n")[0]
            message = f"Flask's application {name or 'here'} cannot be made: {type(error).__name__}: {said}"
            raise DriftcheckError(message, _HINT) from error
    raise DriftcheckError("no application of Flask was found", _HINT)


def _names(here: Path) -> Iterator[str | None]:
    """What may be an application, as Flask names it; None for what it finds by itself (wsgi.py, app.py)."""
    told = os.environ.get("FLASK_APP") or _told_in(here / ".flaskenv")
    if told:
        yield told
        return
    yield None
    folders = [Path(each) for each in import_path(here)]
    files = [
        file
        for each in folders
        for file in (*sorted(each.glob("*/__init__.py")), *sorted(each.glob("*/*.py")))
    ]
    for file in list(dict.fromkeys(each for each in files if _makes_one(each)))[:_MOST]:
        yield str(file.relative_to(here))


def _told_in(file: Path) -> str | None:
    found = _NAMED.search(file.read_text("utf-8", "replace")) if file.is_file() else None
    return found[1] if found else None


def _makes_one(file: Path) -> bool:
    try:
        return "test" not in file.name and bool(_MAKES_ONE.search(file.read_bytes()))
    except OSError:
        return False


def _forget_connections(app: Any) -> None:
    """Close what its engines keep open: the scratch database of this run is gone in the next one."""
    for engine in dict(getattr(app.extensions.get("sqlalchemy"), "engines", None) or {}).values():
        engine.dispose()
