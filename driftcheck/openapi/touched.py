"""Which operations of a new description a change touches: the work that a fuzzer, say, is to do again."""

from __future__ import annotations

from driftcheck.config import Config
from driftcheck.openapi.compare import compare_documents, matched_operations
from driftcheck.openapi.comparing.operation import unchanged
from driftcheck.openapi.node import Document


def touched_operations(expected: Document, actual: Document, config: Config) -> frozenset[str]:
    """Labels of the new description's operations that were added, or mean something else than before.

    Components count where they are used; a change of security, servers or the like counts for all whom it
    concerns.
    """
    run, matches = matched_operations(expected, actual, config)
    touched = {operation.label for operation in matches.added}
    names: dict[str, str] = {}
    for match in matches.pairs:
        names[match.old.label] = match.new.label
        if not unchanged(run, match.old, match.new):
            touched.add(match.new.label)
    differences, _ = compare_documents(expected, actual, config)
    concerned = {label for each in differences for label in (each.operation, *each.operations)}
    touched |= {names[label] for label in concerned if label in names}
    return frozenset(touched)
