"""Writes docs/rules.md from the declarations of the rules: `python -m driftcheck.documentation FILE`.

The file is never edited by hand; a test compares it with what this module would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from driftcheck.catalogue import all_rules
from driftcheck.rule import Rule

_HEAD = """\
# Rules

<!-- Written by `make docs`; edit the declaration of the rule instead. -->

Everything that driftcheck can find, by what it looks at. `driftcheck explain RULE` says for each one why
it matters, what to do, and shows an example that fires and one that does not. The level is what a finding
has unless you say otherwise:

```toml
[tool.driftcheck.severity]
request-body-removed = "risky"  # or breaking, info, off
```

Findings of level *info* are compatible changes and are listed with `--changelog` only, except those marked
*always listed*. Rules of the category *clients* become breaking with `--protect clients`, those of the
category *docs* become risky with `--protect docs`.
"""


def rules_page(rules: Iterable[Rule]) -> str:
    """The whole of docs/rules.md."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(rule.subject, []).append(rule)
    lines = [_HEAD]
    lines += [f"- [{_heading(subject)}](#{subject}): {len(groups[subject])}" for subject in sorted(groups)]
    for subject in sorted(groups):
        lines += ["", *_section(subject, groups[subject])]
    return "\n".join(lines) + "\n"


def _section(subject: str, rules: list[Rule]) -> Iterator[str]:
    yield f'<a id="{subject}"></a>'
    yield ""
    yield f"## {_heading(subject)}"
    yield ""
    yield "| Rule | Level | Found when |"
    yield "|---|---|---|"
    for rule in sorted(rules, key=lambda rule: rule.id):
        yield f"| `{rule.id}` | {_level(rule)} | {_cell(rule.title)} |"


def _heading(subject: str) -> str:
    return subject.replace("-", " ").capitalize()


def _level(rule: Rule) -> str:
    remarks: list[str] = [] if rule.category == "wire" else [rule.category]
    if rule.shown and rule.severity == "info":
        remarks.append("always listed")
    if rule.replaced_by:
        remarks.append(f"replaced by `{rule.replaced_by}`")
    return f"{rule.severity} ({', '.join(remarks)})" if remarks else str(rule.severity)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(rules_page(all_rules()), encoding="utf-8")
