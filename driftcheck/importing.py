"""Where a project's modules are found: in the working directory, or in a folder of sources below it.

A project that is not installed is looked at like one that is: `src/shop/web.py` is `shop.web`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SOURCES = ("src", "lib", "python")


def is_source_folder(folder: Path) -> bool:
    """Whether modules are imported from this folder, and not through it."""
    return folder.name in SOURCES and folder.is_dir() and not (folder / "__init__.py").is_file()


def import_path(here: Path, module: str = "") -> list[str]:
    """Where to look for `module` first: `here`, then folders of sources in it that have the module's package.

    Without `module`, all folders of sources. The working tree goes before what is installed, which may be a
    copy of another state.
    """
    first = module.partition(".")[0]
    folders = list(_sources(here))
    return [str(here), *(str(each) for each in folders if not first or _holds(each, first))]


def _sources(folder: Path) -> Iterator[Path]:
    """Folders of sources below it, also one in another (`src/python`)."""
    for name in SOURCES:
        if is_source_folder(folder / name):
            yield folder / name
            yield from _sources(folder / name)


def _holds(folder: Path, name: str) -> bool:
    return (folder / name).is_dir() or (folder / f"{name}.py").is_file()
