"""`driftcheck report-schema`: the JSON Schema that every JSON report conforms to."""

from __future__ import annotations


def command() -> int:
    """Print the JSON Schema (2020-12) of the JSON report."""
    from driftcheck.cli.output import write_out
    from driftcheck.report.schema import schema_text

    write_out(schema_text())
    return 0
