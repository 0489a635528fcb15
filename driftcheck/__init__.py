"""driftcheck finds drift between contracts before it ships.

Public names are looked up on first use, so that `import driftcheck` costs nothing.
"""

from __future__ import annotations

from driftcheck._version import VERSION as __version__

TYPE_CHECKING = False  # typing's own would have to be imported; type checkers know this spelling too
if TYPE_CHECKING:
    from driftcheck.checking.run import check_project
    from driftcheck.config import Config
    from driftcheck.database.check import check_database
    from driftcheck.database.migrations.check import check_migrations
    from driftcheck.errors import DriftcheckError
    from driftcheck.finding import Finding, Report, Skipped
    from driftcheck.fuzz.check import check_service
    from driftcheck.openapi.check import check_api
    from driftcheck.traffic.check import check_traffic

__all__ = [
    "Config",
    "DriftcheckError",
    "Finding",
    "Report",
    "Skipped",
    "__version__",
    "check_api",
    "check_database",
    "check_migrations",
    "check_project",
    "check_service",
    "check_traffic",
]

# A public name is one line here, one in the block above, and one in __all__.
_HOMES = {
    "Config": "driftcheck.config",
    "DriftcheckError": "driftcheck.errors",
    "Finding": "driftcheck.finding",
    "Report": "driftcheck.finding",
    "Skipped": "driftcheck.finding",
    "check_api": "driftcheck.openapi.check",
    "check_database": "driftcheck.database.check",
    "check_migrations": "driftcheck.database.migrations.check",
    "check_project": "driftcheck.checking.run",
    "check_service": "driftcheck.fuzz.check",
    "check_traffic": "driftcheck.traffic.check",
}

if not TYPE_CHECKING:  # else a type checker would believe in every misspelt name

    def __getattr__(name):  # PEP 562
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *_HOMES})
