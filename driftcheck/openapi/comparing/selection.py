"""Which operations are compared: the --only, --match-path and --method options."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from driftcheck.config import ApiConfig
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.model import Operation


@dataclass(frozen=True, slots=True)
class Selection:
    """Says of an operation whether it is to be compared."""

    only: tuple[str, ...] = ()
    path: re.Pattern[str] | None = None
    methods: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether nothing is left out, so that the document as a whole is compared too."""
        return not self.only and self.path is None and not self.methods

    @property
    def written(self) -> str:
        """The filters as options, for people."""
        found = [f"--only '{pattern}'" for pattern in self.only]
        found += [f"--match-path '{self.path.pattern}'"] if self.path is not None else []
        return " ".join([*found, *(f"--method {method}" for method in sorted(self.methods))])

    def __call__(self, operation: Operation) -> bool:
        """Whether the operation is selected."""
        if self.methods and operation.method.upper() not in self.methods:
            return False
        if self.path is not None and self.path.search(operation.path) is None:
            return False
        return not self.only or any(fnmatchcase(operation.label, pattern) for pattern in self.only)


def selection(config: ApiConfig) -> Selection:
    """The selection that is configured; DriftcheckError for a regular expression that is none."""
    try:
        path = re.compile(config.match_path) if config.match_path else None
    except re.error as error:
        raise DriftcheckError(
            f"match_path is not a regular expression: {error}", "Quote characters such as ( and [."
        ) from error
    return Selection(config.only, path, frozenset(method.upper() for method in config.method))
