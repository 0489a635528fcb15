"""Postman's variables: environment before folder before collection before globals, filled in everywhere.

Dynamic ones (`{{$guid}}`) and those that scripts set stay; what holds one is a placeholder, not a mistake.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.postman_request import enabled
from driftcheck.traffic.readers.problem import RecordingError

PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_ROUNDS = 10  # how often a value may itself hold variables
_BESIDE = ("*.postman_environment.json", "*.postman_globals.json")


def values_of(listed: Any) -> dict[str, str]:
    """The variables of a collection, a folder or an environment that are switched on and have a value."""
    found = {}
    for item in enabled(listed):
        name = item.get("key", item.get("id"))
        value = item.get("value")
        if isinstance(name, str) and value is not None and (value != "" or item.get("type") != "secret"):
            found[name] = value if isinstance(value, str) else json.dumps(value)
    return found


def environments_of(path: Path, named: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Variables of environments and of globals: of those named, or of the only one beside the collection."""
    files = [Path(name) for name in named]
    if not files:
        for pattern in _BESIDE:
            beside = sorted(path.parent.glob(pattern))
            files += beside if len(beside) == 1 else []
    local: dict[str, str] = {}
    everywhere: dict[str, str] = {}
    for file in files:
        value = _environment(file)
        scope = everywhere if value.get("_postman_variable_scope") == "globals" else local
        scope.update(values_of(value.get("values")))
    return local, everywhere


def _environment(file: Path) -> Mapping[str, Any]:
    try:
        with open_text(file) as text:
            value = json.loads(text.read())
    except OSError:
        raise RecordingError(f"the environment {file.name} cannot be read") from None
    except (ValueError, RecursionError):
        raise RecordingError(f"the environment {file.name} is no valid JSON") from None
    if not isinstance(value, Mapping) or not isinstance(value.get("values"), list):
        raise RecordingError(f"{file.name} is no Postman environment")
    return value


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """A copy with every known variable written out."""
    if isinstance(value, str):
        return _filled_text(value, variables)
    if isinstance(value, Mapping):
        return {filled(name, variables): filled(item, variables) for name, item in value.items()}
    return [filled(item, variables) for item in value] if isinstance(value, list) else value


def _filled_text(text: str, variables: Mapping[str, str]) -> str:
    for _ in range(_ROUNDS):
        if "{{" not in text:
            break
        replaced = PLACEHOLDER.sub(lambda m: variables.get(m.group()[2:-2].strip(), m.group()), text)
        if replaced == text or len(replaced) > 1 << 24:
            break
        text = replaced
    return text


def placeholders_in(*texts: str) -> tuple[str, ...]:
    """The variables that are left, each once, in their order."""
    return tuple(dict.fromkeys(found for text in texts for found in PLACEHOLDER.findall(text)))
