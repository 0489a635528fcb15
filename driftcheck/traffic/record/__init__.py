"""Recording real calls: a proxy, middleware and transports, all of which write through one Recorder.

What is written is redacted before it is written; nothing here needs privileges or leaves the machine.
"""

from __future__ import annotations

from driftcheck.traffic.record.recorder import Recorder

__all__ = ["Recorder"]
