"""Thousands of models repeat few types: what is made of one is taken for all equal ones."""

from __future__ import annotations

from typing import Any


class EqualTypes:
    """A mapping by types, where types of one class that hold equal values are one; SQLAlchemy would make
    what it holds for each column anew."""

    def __init__(self) -> None:
        self._found: dict[object, Any] = {}
        self._kept: list[object] = []

    def _key(self, item: Any) -> object:
        values = vars(item)
        if "dispatch" in values:  # who listens to it
            values = {name: value for name, value in values.items() if name != "dispatch"}
        try:
            key = (type(item), frozenset(values.items()))
            hash(key)
        except TypeError:
            return id(item)
        return key

    def __contains__(self, item: object) -> bool:
        return self._key(item) in self._found

    def __getitem__(self, item: object) -> Any:
        return self._found[self._key(item)]

    def get(self, item: object) -> Any:
        """The same, or None."""
        return self._found.get(self._key(item))

    def __setitem__(self, item: object, value: Any) -> None:
        self._kept.append(item)  # an id is good only while its object lives
        self._found[self._key(item)] = value
