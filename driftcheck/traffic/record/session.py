"""One recording session: the proxy, the command around which it runs, and what both are told at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.record.messages import LIMIT
from driftcheck.traffic.record.node import NodeFolder
from driftcheck.traffic.record.proxy import Proxy
from driftcheck.traffic.record.recorder import Recorder
from driftcheck.traffic.record.target import target_of

URL_VARIABLES = (
    "DRIFTCHECK_PROXY_URL", "BASE_URL", "API_URL", "CYPRESS_BASE_URL", "PLAYWRIGHT_BASE_URL",
    "PLAYWRIGHT_TEST_BASE_URL",
)  # fmt: skip
_PATIENCE = 5.0  # seconds for calls that are under way when the session ends
_MERGING = 0.5  # seconds between two looks at what Node has written
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a user asks for. Without `target` there is no proxy, and only Node's own servers are recorded."""

    output: Path
    target: str = ""
    port: int = 0
    redact: bool = True
    limit: int = LIMIT
    node: bool = False
    variables: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(slots=True)
class _Running:
    session: Session
    recorder: Recorder
    say: Say
    proxy: Proxy | None = None
    folder: NodeFolder | None = None
    servers: list[asyncio.Server] = field(default_factory=list)
    url: str = ""


def run(session: Session, say: Say) -> int:
    """Record until the command ends (its exit status comes back) or Ctrl-C; `say` takes lines for people."""
    if not session.target and not session.node:
        raise DriftcheckError("there is nothing to record", "give --target URL, or --node with a COMMAND")
    if session.node and not session.command:
        raise DriftcheckError("--node needs the command that runs Node", "for example -- npx jest")
    proxy_target = target_of(session.target) if session.target else None
    with Recorder(session.output, redact=session.redact) as recorder:
        running = _Running(session, recorder, say)
        if proxy_target is not None:
            running.proxy = Proxy(proxy_target, recorder, session.limit)
        if session.node:
            running.folder = NodeFolder(recorder, session.limit)
        try:
            return asyncio.run(_session(running))
        finally:
            if running.folder is not None:
                running.folder.close()


async def _session(running: _Running) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, ended.set)
    if running.proxy is not None:
        await _listen(running, running.proxy)
    try:
        status = await _until_end(running, ended)
    finally:
        for server in running.servers:
            server.close()
    return _summary(running, status)


async def _listen(running: _Running, proxy: Proxy) -> None:
    port = running.session.port
    try:
        server = await asyncio.start_server(proxy.handle, "127.0.0.1", port, reuse_address=True)
    except OSError as error:
        raise DriftcheckError(
            f"port {port} cannot be listened on: {error.strerror or error}",
            "give another with --port, or none",
        ) from None
    port = server.sockets[0].getsockname()[1]
    running.servers.append(server)
    with suppress(OSError):  # `localhost` is ::1 first on some machines
        running.servers.append(await asyncio.start_server(proxy.handle, "::1", port, family=socket.AF_INET6))
    running.url = f"http://127.0.0.1:{port}"
    running.say(f"recording {running.url} -> {proxy.target.origin} in {running.session.output}")


async def _until_end(running: _Running, ended: asyncio.Event) -> int:
    merging = None if running.folder is None else asyncio.ensure_future(_merge(running.folder))
    try:
        if running.session.command:
            return await _run_command(running, ended)
        running.say("Ctrl-C ends the recording")
        await ended.wait()
        return 0
    finally:
        if merging is not None:
            merging.cancel()
            await asyncio.gather(merging, return_exceptions=True)
        if running.folder is not None:
            running.folder.merge()


async def _merge(folder: NodeFolder) -> None:
    while True:
        await asyncio.sleep(_MERGING)
        folder.merge()


async def _run_command(running: _Running, ended: asyncio.Event) -> int:
    command = running.session.command
    try:
        process = await asyncio.create_subprocess_exec(*command, env=environment(running.session, running))
    except OSError as error:
        why = error.strerror or str(error)
        raise DriftcheckError(f"the command {command[0]!r} cannot be run: {why}") from None
    waiting = asyncio.ensure_future(process.wait())
    stopping = asyncio.ensure_future(ended.wait())
    await asyncio.wait((waiting, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():  # Ctrl-C has reached the command as well; a SIGTERM has not
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), 0.2)
        if not waiting.done():
            process.terminate()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(waiting), _PATIENCE)
        if not waiting.done():
            process.kill()
    stopping.cancel()
    status = await waiting
    return status if status >= 0 else 128 - status


def environment(session: Session, running: _Running) -> Mapping[str, str]:
    """The environment of the command: where the proxy is, under the names that test runners read."""
    given = dict(os.environ)
    if running.url:
        for name in URL_VARIABLES:
            given[name] = running.url
        for variable in session.variables:
            name, _, path = variable.partition("=")
            given[name] = running.url + path
    if running.folder is not None:
        given.update(running.folder.variables(given.get("NODE_OPTIONS", "")))
    return given


def _summary(running: _Running, status: int) -> int:
    calls, replaced = running.recorder.calls, running.recorder.replaced
    told = f"{calls} {'call' if calls == 1 else 'calls'} recorded in {running.session.output}"
    if running.session.redact:
        told += f", {replaced} {'value' if replaced == 1 else 'values'} redacted"
    running.say(told)
    if running.folder is not None and running.folder.broken:
        running.say(f"{running.folder.broken} lines that Node wrote could not be read")
    proxy = running.proxy
    if proxy is not None:
        for why, count in sorted(proxy.refused.items()):
            running.say(f"{count} {'request' if count == 1 else 'requests'} refused: {why}")
        if proxy.dead and proxy.dead == calls and not status:
            raise DriftcheckError(
                f"nothing answers at {proxy.target.origin}", "start the service, or mend --target"
            )
        if proxy.dead:
            running.say(f"{proxy.dead} of the calls got no answer")
    if not calls and running.session.command:
        where = "through the proxy" if proxy is not None else "into a server in Node"
        hint = f"; it must call {running.url} (DRIFTCHECK_PROXY_URL, BASE_URL)" if proxy is not None else ""
        running.say(f"no call of {Path(running.session.command[0]).name} went {where}{hint}")
    sys.stderr.flush()
    return status
