"""What the tests of readers share: fixtures by name, and what was read told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck.traffic.readers import Unreadable, read

FIXTURES = Path(__file__).parents[3] / "fixtures" / "traffic"


class Reading:
    """What came out of some files."""

    def __init__(self, paths, options=None):
        items = list(read(paths, options) if options else read(paths))
        self.calls = [item for item in items if not isinstance(item, Unreadable)]
        self.wrong = [item for item in items if isinstance(item, Unreadable) and item.wrong]
        self.notes = [item for item in items if isinstance(item, Unreadable) and not item.wrong]

    @property
    def only(self):
        assert len(self.calls) == 1, self.calls or self.wrong or self.notes
        return self.calls[0]


@pytest.fixture
def reading():
    return lambda *paths, options=None: Reading([str(path) for path in paths], options)


@pytest.fixture
def fixture_of(reading):
    return lambda name: reading(FIXTURES / name)


@pytest.fixture
def written(tmp_path, reading):
    """Reads a text (or bytes) as a file of that name."""

    def read_text(name, content, **options):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        )
        return reading(file, **options)

    return read_text
