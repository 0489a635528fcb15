"""What `preload.cjs` writes inside Node processes, taken into the recording (and redacted there).

Each process appends to a file of its own in a private folder, which is removed at the end.
"""

from __future__ import annotations

import base64
import binascii
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from driftcheck.traffic.exchange import Headers
from driftcheck.traffic.record.messages import LIMIT, Gathered, exchange_of
from driftcheck.traffic.record.recorder import Recorder

PRELOAD = Path(__file__).with_name("preload.cjs")


class NodeFolder:
    """The folder that Node processes write to. `broken` counts lines that could not be read."""

    def __init__(self, recorder: Recorder, limit: int = LIMIT) -> None:
        self.recorder = recorder
        self.limit = limit
        self.broken = 0
        self.path = Path(tempfile.mkdtemp(prefix="driftcheck-node-"))
        self._read: dict[Path, int] = {}

    def variables(self, options: str = "") -> dict[str, str]:
        """The environment of Node; `options` are the NODE_OPTIONS that there already are."""
        required = json.dumps(str(PRELOAD)) if " " in str(PRELOAD) else str(PRELOAD)
        return {
            "NODE_OPTIONS": f"{options} --require {required}".strip(),
            "DRIFTCHECK_RECORD_FOLDER": str(self.path),
            "DRIFTCHECK_RECORD_LIMIT": str(self.limit),
        }

    def merge(self) -> None:
        """Take in what was written since the last time, whole lines only."""
        for file in sorted(self.path.glob("*.ndjson")):
            with file.open("rb") as lines:
                lines.seek(self._read.get(file, 0))
                for line in lines:
                    if line.endswith(b"\n"):
                        self._take(line)
                        self._read[file] = self._read.get(file, 0) + len(line)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _take(self, line: bytes) -> None:
        try:
            value = json.loads(line)
            sent = (_headers(value["requestHeaders"]), self._gathered(value["sent"]))
            answer = (int(value["status"]), _headers(value["headers"]), self._gathered(value["got"]))
            exchange = exchange_of(
                str(value["method"]),
                str(value["url"]),
                sent,
                answer,
                time=float(value["time"]),
                test=str(value["test"]),
                consumer=str(value["consumer"]),
            )
        except (ValueError, KeyError, TypeError, binascii.Error):
            self.broken += 1
            return
        self.recorder.add(exchange)

    def _gathered(self, text: str | None) -> Gathered:
        found = Gathered(self.limit)
        if text is None:  # cut off by the preload
            found.cut = True
        else:
            found.add(base64.b64decode(text))
        return found


def _headers(pairs: Any) -> Headers:
    return tuple((str(name), str(value)) for name, value in pairs)
