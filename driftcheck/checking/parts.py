"""Runs one part in this process, through the same functions that its own command uses."""

from __future__ import annotations

import os
from dataclasses import replace

from driftcheck.checking.plan import Part
from driftcheck.config import Config
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report, Skipped


def run_part(part: Part) -> Report:
    """The report of a part. DriftcheckError where it cannot be done."""
    runs = {"api": _api, "db": _db, "migrations": _migrations, "traffic": _traffic, "fuzz": _fuzz}
    return runs[part.command](part)


def _api(part: Part) -> Report:
    from driftcheck.openapi.check import check_api
    from driftcheck.openapi.loading.app_revision import NoSuchAppError

    (spec,) = part.config.api.spec
    old = f"{part.base}:{spec}"
    if _is_new(spec, part):
        return _nothing(part, spec, "new on this branch: the base revision has none to compare with")
    recordings = part.config.traffic.recordings
    try:
        if recordings and part.config.traffic.spec in ("", spec):
            from driftcheck.traffic.usage import check_usage

            return check_usage(old, spec, list(recordings), config=part.config)
        return check_api(old, spec, config=part.config)
    except NoSuchAppError:
        return _nothing(part, spec, "new on this branch: the base revision has no such module")


def _is_new(spec: str, part: Part) -> bool:
    """Whether a description that is a file here is none in the base revision."""
    from driftcheck.openapi.loading.revision import Revision, RevisionError

    if not os.path.exists(spec):
        return False
    try:
        Revision(part.base, part.config.api.max_bytes).path_of(spec)
    except RevisionError:
        return True
    return False


def _nothing(part: Part, what: str, why: str) -> Report:
    return Report(part.command, what, what, (), (Skipped(what, why),), part.config.fail_on)


def _db(part: Part) -> Report:
    from driftcheck.database.check import Request, check
    from driftcheck.database.many import check_many

    db = part.config.db
    urls = _urls(part.config)
    if not urls and not db.migrations:
        return _nothing(
            part, "db", "models alone are nothing to compare: no migrations, and no live database"
        )
    request = Request(
        urls[0] if len(urls) == 1 else None,
        db.models or None,
        db.migrations or None,
        db.against or None,
        db.schema,
        db.scratch,
        db.engine or None,
        part.config,
    )
    return check(request) if len(urls) < 2 else check_many(request, urls)


def _urls(config: Config) -> list[str]:
    named = os.environ.get(config.db.url_env, "") if config.db.url_env else ""
    return list(dict.fromkeys([*config.db.url, *([named] if named else [])]))


def _migrations(part: Part) -> Report:
    import driftcheck

    own, db = part.config.migrations, part.config.db
    settings = replace(
        own,
        migrations=own.migrations or db.migrations,
        models=own.models or db.models,
        scratch=own.scratch if own.scratch != "auto" else db.scratch,
        engine=own.engine or db.engine,
        base=part.base,
    )
    return driftcheck.check_migrations(config=replace(part.config, migrations=settings))


def _fuzz(part: Part) -> Report:
    import driftcheck

    spec = part.config.fuzz.spec or next(iter(part.config.api.spec), part.config.fuzz.app)
    if not spec:
        raise DriftcheckError("a service is configured, and no description to hold it to", "set fuzz.spec")
    return driftcheck.check_service(spec, config=part.config)


def _traffic(part: Part) -> Report:
    import driftcheck

    traffic = part.config.traffic
    described = part.config.api.spec
    spec = traffic.spec or (described[0] if len(described) == 1 else "")
    if not spec:
        raise DriftcheckError(
            "recordings are configured, and no description to hold them to", "set `spec` in the same table"
        )
    return driftcheck.check_traffic(list(traffic.recordings), spec, config=part.config)
