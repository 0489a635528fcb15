"""The one exception a user is meant to see: what went wrong in a sentence, and what to do about it.

Everything a user can fix is a DriftcheckError (exit status 2); everything else is a bug and crashes.
"""

from __future__ import annotations


class DriftcheckError(Exception):
    """The job could not be done, for a reason the user can act on.

    `message` is one sentence without credentials; `hint` says what to try, or is empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message
