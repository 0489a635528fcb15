"""Compares two loaded API descriptions: operations first, then what the documents say for all of them.

Work follows the change: operations that are certainly unchanged are matched, but never read.
"""

from __future__ import annotations

from datetime import date

from driftcheck.config import Config
from driftcheck.difference import Change, Difference
from driftcheck.finding import Skipped
from driftcheck.openapi.comparing.clients import compare_tags
from driftcheck.openapi.comparing.components import compare_components
from driftcheck.openapi.comparing.info import compare_info, compare_tag_descriptions
from driftcheck.openapi.comparing.lifecycle import ending
from driftcheck.openapi.comparing.matching import Match, Matches, match_by_url, match_operations
from driftcheck.openapi.comparing.operation import compare_operation, unchanged
from driftcheck.openapi.comparing.paths import match_renamed, report_renamed
from driftcheck.openapi.comparing.requirements import Pair, compare_requirements
from driftcheck.openapi.comparing.run import Run, place_of
from driftcheck.openapi.comparing.schemes import common_names, compare_schemes, pair_schemes
from driftcheck.openapi.comparing.selection import Selection, selection
from driftcheck.openapi.comparing.servers import ServersOf, compare_servers
from driftcheck.openapi.comparing.webhooks import compare_webhooks
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Document
from driftcheck.openapi.reading.operations import path_operations, webhook_operations
from driftcheck.openapi.reading.security import schemes
from driftcheck.openapi.reading.source import Source, text
from driftcheck.openapi.schema import SchemaComparison
from driftcheck.openapi.unchanged import Unchanged


def compare_documents(
    expected: Document, actual: Document, config: Config, *, today: date | None = None
) -> tuple[list[Difference], list[Skipped]]:
    """What differs, and what could not be compared. `today` (default: the present day) judges sunsets."""
    run = _run(expected, actual, config, today)
    chosen = selection(config.api)
    matches, servers = _matched(run, chosen)
    _operations(run, matches)
    hooks = compare_webhooks(run, chosen)
    _documents(run, matches, hooks, servers, chosen)
    return run.differences() + run.schemas.differences(), [*_unmatched(run, matches, chosen), *_skipped(run)]


def matched_operations(expected: Document, actual: Document, config: Config) -> tuple[Run, Matches]:
    """Which operation of one side is which of the other, without comparing them."""
    run = _run(expected, actual, config, None)
    return run, _matched(run, selection(config.api))[0]


def _run(expected: Document, actual: Document, config: Config, today: date | None) -> Run:
    same = Unchanged(expected, actual)
    schemas = SchemaComparison(expected, actual, same, thorough=config.changelog)
    return Run(
        Source(expected), Source(actual), schemas, same, config,
        today or date.today(),
    )  # fmt: skip


def _matched(run: Run, chosen: Selection) -> tuple[Matches, tuple[ServersOf, ServersOf]]:
    """The operations of both sides, matched; an operation is left out unless either side is selected."""
    api = run.config.api
    old = list(path_operations(run.expected, api.strip_prefix_old))
    new = list(path_operations(run.actual, api.strip_prefix_new))
    servers = ServersOf(run.expected), ServersOf(run.actual)
    matches = match_operations(old, new)
    match_by_url(matches, servers[0].urls, servers[1].urls)
    run.matched.update((match.old.label, match.new.label) for match in matches.pairs)
    run.old_ids, run.new_ids = _ids(old), _ids(new)
    for path in match_renamed(run, matches):
        matches.pairs += path.pairs
        run.matched.update((match.old.label, match.new.label) for match in path.pairs)
        if any(chosen(match.old) or chosen(match.new) for match in path.pairs):
            report_renamed(run, path)
    _select(matches, chosen)
    return matches, servers


def _ids(operations: list[Operation]) -> dict[str, str]:
    labels = ((text(operation.node, "operationId"), operation.label) for operation in operations)
    return {identifier: label for identifier, label in labels if identifier is not None}


def _select(matches: Matches, chosen: Selection) -> None:
    if chosen.everything:
        return
    matches.pairs = [match for match in matches.pairs if chosen(match.old) or chosen(match.new)]
    matches.removed = list(filter(chosen, matches.removed))
    matches.added = list(filter(chosen, matches.added))


def _operations(run: Run, matches: Matches) -> None:
    for match in matches.pairs:
        if not unchanged(run, match.old, match.new):
            compare_operation(run, place_of(match.old, run.cap(match.old)), match.old, match.new)
    for operation in matches.removed:
        announced = ending(run, operation.node)
        run.report(
            place_of(operation, run.cap(operation)),
            "operation",
            "operation",
            Change.MISSING,
            nodes=(operation.node, None),
            name=operation.label,
            facts={"announced": announced, "sunset": text(operation.node, "x-sunset")},
        )
    for operation in matches.added:
        run.report(
            place_of(operation),
            "operation",
            "operation",
            Change.EXTRA,
            nodes=(None, operation.node),
            name=operation.label,
        )


def _documents(
    run: Run, matches: Matches, hooks: list[Match], servers: tuple[ServersOf, ServersOf], chosen: Selection
) -> None:
    """What is said once for many operations."""
    places = [(match, place_of(match.old, run.cap(match.old))) for match in matches.pairs]
    pairs = [Pair(match.old, match.new, place) for match, place in places]
    old, new = schemes(run.expected), schemes(run.actual)
    names = pair_schemes(old, new)
    compare_requirements(run, pairs, common_names(names, new))
    compare_schemes(run, old, new, names, pairs)
    if places or chosen.everything:
        compare_servers(run, places, *servers)
    compare_tags(run, pairs + [Pair(match.old, match.new, place_of(match.old)) for match in hooks])
    if chosen.everything:
        compare_components(run)
        compare_info(run)
        compare_tag_descriptions(run)


def _unmatched(run: Run, matches: Matches, chosen: Selection) -> list[Skipped]:
    """Filters that no operation passes: nothing was compared, which must not look like a pass."""
    if chosen.everything or matches.pairs or matches.removed or matches.added:
        return []
    if any(chosen(hook) for source in (run.expected, run.actual) for hook in webhook_operations(source)):
        return []
    return [Skipped("all operations", f"none matches {chosen.written}")]


def _skipped(run: Run) -> list[Skipped]:
    found = [*run.expected.skipped.values(), *run.actual.skipped.values()]
    for side, reference, reason in run.schemas.unresolved():
        source = run.expected if side is run.expected.document.side else run.actual
        found.append(Skipped(f"{source.document.label} $ref {reference}", reason))
    return found
