"""The OpenAPI document of an application as it was in another revision: its code runs in a fresh interpreter.

Here, imported modules are those of the working tree; `python -m` this module is what runs over there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import orjson

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.source import App, classify, is_module

_NO_MODULE = 3


class NoSuchAppError(DriftcheckError):
    """The revision has no such module: the application is newer."""


def spec_at(revision: str, written: str) -> Mapping[str, Any]:
    """The document of the application `written` (module:app) in `revision` of git.

    DriftcheckError says what went wrong there; NoSuchAppError where it has no such module,
    and the working tree has.
    """
    from driftcheck.worktree import checked_out

    label = f"{revision}:{written}"
    with checked_out(revision) as tree:
        done = tree.python(["-m", "driftcheck.openapi.loading.app_revision", written])
    if done.returncode == _NO_MODULE:
        module = written.partition(":")[0]
        if not is_module(module):
            hint = "run driftcheck in the folder that holds it, or set PYTHONPATH"
            raise DriftcheckError(f"{label}: there is no module {module}, neither there nor here", hint)
        hint = "an application that is new has nothing to be compared with"
        raise NoSuchAppError(f"{label}: there is no such module in that revision", hint)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        raise DriftcheckError(
            f"{label}: {said}", "it ran with what is installed here, from the files of that revision"
        )
    found: Mapping[str, Any] = orjson.loads(done.stdout)
    return found


def main(written: str) -> int:
    """Print the document as JSON, whatever the application itself prints."""
    from driftcheck.openapi.loading.app import spec_of
    from driftcheck.openapi.loading.plain import plain

    answer = os.dup(1)
    os.dup2(2, 1)
    app = classify(written)
    if not isinstance(app, App) or not is_module(app.module):
        return _NO_MODULE
    try:
        value, _ = plain(spec_of(app, written), written)
    except DriftcheckError as error:
        print(error.message, file=sys.stderr)
        return 2
    with os.fdopen(answer, "wb") as out:
        out.write(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
