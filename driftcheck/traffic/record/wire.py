"""One connection: bytes of asyncio on one side, messages of HTTP/1.1 (h11) on the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import h11

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECE = 1 << 16
_LONGEST_HEAD = 1 << 17


class Wire:
    """h11 parses and frames; whoever uses it sees events only."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, role: type[h11.CLIENT | h11.SERVER]
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.machine = h11.Connection(role, max_incomplete_event_size=_LONGEST_HEAD)
        self._following: Any = h11.NEED_DATA

    async def event(self) -> Any:
        """The next event. h11.RemoteProtocolError where the other side does not speak HTTP."""
        event, self._following = self._following, h11.NEED_DATA
        while event is h11.NEED_DATA:
            event = self.machine.next_event()
            if event is h11.NEED_DATA:
                self.machine.receive_data(await self.reader.read(_PIECE))
        return event

    def ends_here(self) -> bool:
        """Whether what has come in already holds the end of the message."""
        if self._following is h11.NEED_DATA:
            self._following = self.machine.next_event()
        return isinstance(self._following, h11.EndOfMessage)

    def waits(self) -> bool:
        """Whether nothing more has come in yet (asked after `ends_here`)."""
        return self._following is h11.NEED_DATA

    async def send(self, events: Sequence[h11.Event]) -> None:
        """Send events as one piece of bytes."""
        for event in events:
            data = self.machine.send(event)
            if data:
                self.writer.write(data)
        await self.writer.drain()

    async def gone(self) -> None:
        """Returns when the other side has left; what it sends in the meantime is kept for later."""
        while data := await self.reader.read(_PIECE):
            self.machine.receive_data(data)

    def reusable(self) -> bool:
        """Whether another request can be sent; makes it ready for that."""
        if self.reader.at_eof() or self.writer.is_closing():
            return False
        if self.machine.our_role is h11.CLIENT and self.machine.trailing_data[0]:
            return False  # more than one answer: whoever reads on takes it for the next one
        try:
            self.machine.start_next_cycle()
        except h11.LocalProtocolError:
            return False
        self._following = h11.NEED_DATA
        return True

    def close(self) -> None:
        """Close without waiting."""
        self.writer.close()
