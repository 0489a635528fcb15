"""Ignores in Python files: `# driftcheck: ignore[rule, other-rule] reason`, beside what is to be silenced.

Comments are found with tokenize, so that strings do not count; nothing is imported or run.
"""

from __future__ import annotations

import ast
import os
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from driftcheck.catalogue import all_rules
from driftcheck.config import Config
from driftcheck.difference import Difference
from driftcheck.finding import Finding, Skipped
from driftcheck.housekeeping import RULES, Written, covers, fault, location, unmatched
from driftcheck.judge import judge
from driftcheck.rule import RuleSet

_MARK = re.compile(r"#\s*driftcheck:\s*ignore\b\s*(?:\[([^\]]*)\])?(.*)", re.DOTALL)
_UNTIL = re.compile(r"\s*until[ =](\d{4}-\d\d-\d\d)\b[:,]?")


class Silenced(NamedTuple):
    """The findings that stay, one Skipped for each ignore that silenced some, and findings about ignores."""

    kept: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    about: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is to be reported, worst first (and else in the order it had)."""
        return tuple(sorted((*self.kept, *self.about), key=lambda finding: finding.severity.rank))


@dataclass(frozen=True, slots=True)
class Comment:
    """One ignore of one rule: it silences findings on the lines `first` to `last` of `file`."""

    file: str
    first: int
    last: int
    entry: Written

    def silences(self, finding: Finding, places: Collection[tuple[str, int]]) -> bool:
        """Whether the finding has this rule and one of its places (file and line) is on these lines."""
        return fnmatchcase(finding.rule, self.entry.rule) and any(
            file == self.file and self.first <= line <= self.last for file, line in places
        )


def silence(
    findings: Iterable[Finding],
    files: Iterable[str],
    rules: RuleSet,
    config: Config,
    *,
    today: date | None = None,
) -> Silenced:
    """Take out what comments in `files` (and in Python files that findings point to) silence.

    `rules` are those the run judged by: an ignore of a rule that only another command knows is not called
    unmatched here. `today` (default: the present day) decides what has expired. Findings about ignores are
    judged with `config` like all others.
    """
    found = tuple(findings)
    pointed = (at.file for finding in found for at in finding.locations)
    paths = dict.fromkeys(_absolute(file) for file in (*files, *pointed) if file.endswith(".py"))
    comments = [each for path in paths for each in comments_of(path)]
    if not comments:
        return Silenced(found, (), ())
    known = {rule.id for rule in all_rules()}
    differences: list[Difference] = []
    active: list[Comment] = []
    for comment in comments:
        wrong = fault(comment.entry, today or date.today(), known)
        if wrong is None:
            active.append(comment)
        else:
            differences.append(wrong)
    kept, used = _sorted_out(found, active)
    judged = set(rules.ids())
    differences += (
        unmatched(comment.entry)
        for comment in active
        if comment not in used and covers(comment.entry.rule, judged, known)
    )
    about, skipped = judge(differences, RULES, config, today=today)
    about = tuple(each.located(each.difference.locations) for each in about)
    return Silenced(kept, (*(_skipped(*item) for item in used.items()), *skipped), about)


def comments_of(path: str) -> tuple[Comment, ...]:
    """The ignores in a Python file; none where it cannot be read."""
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ()
    return tuple(read_comments(text, path)) if "driftcheck:" in text else ()


def read_comments(text: str, file: str) -> Iterator[Comment]:
    """The ignores in the text of a Python file, as far as it can be told apart into tokens."""
    shown = _relative(file)
    blocks = _blocks(text)
    for comment, first, last in _placed(list(_tokens(text))):
        mark = _MARK.match(comment.string)
        if mark is None:
            continue
        line, column = comment.start[0], comment.start[1] + 1
        reason, until, no_day = _reason(mark[2])
        end = max(last, blocks.get(first, 0))
        for rule in [name.strip() for name in (mark[1] or "").split(",") if name.strip()] or [""]:
            entry = Written(
                rule=rule,
                what=f"{rule} in {shown}" if rule.strip("*?") else shown,
                where=_code(text, first),
                reason=reason,
                until=until,
                no_day=no_day,
                location=location(shown, line, column),
            )
            yield Comment(file, first, end, entry)


def _reason(text: str) -> tuple[str, date | None, str]:
    """The reason, the last day, and what stands in the place of a day and is none."""
    found = _UNTIL.match(text)
    if found is None:
        return text.strip(" \t:-"), None, ""
    reason = text[found.end() :].strip(" \t:-")
    try:
        return reason, date.fromisoformat(found[1]), ""
    except ValueError:
        return reason, None, found[1]


def _blocks(text: str) -> dict[int, int]:
    """The last lines of `with` statements by their first: what is written of one is of all that is in it
    (`with op.batch_alter_table(…)`)."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    found = (node for node in ast.walk(tree) if isinstance(node, (ast.With, ast.AsyncWith)))
    return {node.lineno: node.end_lineno or node.lineno for node in found}


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _placed(tokens: list[tokenize.TokenInfo]) -> Iterator[tuple[tokenize.TokenInfo, int, int]]:
    """Each comment with the first and last line that it speaks of."""
    above: list[tokenize.TokenInfo] = []
    inside: list[tokenize.TokenInfo] = []
    start = 0  # the first line of the statement we are in, 0 between statements
    block = 0  # the same, or the first line of the decorators above it
    decorator = False
    for token in tokens:
        if token.type == tokenize.COMMENT:
            (inside if start else above).append(token)
        elif token.type == tokenize.NEWLINE:
            yield from _inside(inside, start, token.start[0])
            inside, start = [], 0
            if not decorator:
                yield from _above(above, block, token.start[0])
                above, block = [], 0
        elif not start and token.type not in _LAYOUT:
            start = token.start[0]
            block = block or start
            decorator = token.string == "@"
    yield from ((token, 0, 0) for token in (*above, *inside))


_LAYOUT = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}


def _inside(
    comments: list[tokenize.TokenInfo], start: int, end: int
) -> Iterator[tuple[tokenize.TokenInfo, int, int]]:
    """On the first or last line: of all the statement; on a line between: of that line, or of the next."""
    for comment in comments:
        line = comment.start[0]
        if _alone(comment):
            below = line + 1
            while any(_alone(other) and other.start[0] == below for other in comments):
                below += 1
            yield comment, below, below
        elif line in (start, end):
            yield comment, start, end
        else:
            yield comment, line, line


def _above(
    comments: list[tokenize.TokenInfo], start: int, end: int
) -> Iterator[tuple[tokenize.TokenInfo, int, int]]:
    """Comments in a block that ends right above the statement speak of it; others of nothing."""
    touching = start
    for comment in reversed(comments):
        line = comment.start[0]
        if line > start:  # between its decorators
            yield comment, start, end
        elif line == touching - 1 and _alone(comment):
            touching = line
            yield comment, start, end
        else:
            yield comment, 0, 0


def _alone(comment: tokenize.TokenInfo) -> bool:
    return not comment.line[: comment.start[1]].strip()


def _code(text: str, line: int) -> str:
    """What a comment stands beside, so that its fingerprint outlives a move to another line."""
    lines = text.splitlines()
    return lines[line - 1].partition("#")[0].strip() if 0 < line <= len(lines) else ""


def _sorted_out(
    found: tuple[Finding, ...], active: list[Comment]
) -> tuple[tuple[Finding, ...], dict[Comment, int]]:
    kept: list[Finding] = []
    used: dict[Comment, int] = {}
    for finding in found:
        places = {(_absolute(at.file), at.line) for at in finding.locations if at.line is not None}
        comment = next((each for each in active if each.silences(finding, places)), None)
        if comment is None:
            kept.append(finding)
        else:
            used[comment] = used.get(comment, 0) + 1
    return tuple(kept), used


def _skipped(comment: Comment, count: int) -> Skipped:
    findings = "1 finding" if count == 1 else f"{count} findings"
    at = comment.entry.location
    line = "" if at is None else f":{at.line}"
    return Skipped(f"{findings} of {comment.entry.what}{line}", f"ignored: {comment.entry.reason}")


def _absolute(file: str) -> str:
    return os.path.realpath(file)


def _relative(file: str) -> str:
    path, here = Path(file), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else file
