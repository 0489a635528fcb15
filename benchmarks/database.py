"""Times `driftcheck db` beside alembic's compare_metadata, in one run on one private PostgreSQL server.

    python benchmarks/database.py [TABLES]

Prints seconds, processor seconds, peak memory of a process of its own, and the number of queries on the
live database. "+5 ms" goes through a proxy that holds back every packet to the server for 5 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool


def models(count):
    """`count` tables of eight columns, two indexes and a foreign key each."""
    metadata = MetaData()
    for number in range(count):
        before = f"t{number - 1:05}.id" if number else "t00000.id"
        Table(
            f"t{number:05}",
            metadata,
            Column("id", Integer, Identity(), primary_key=True),
            Column("email", String(120), nullable=False),
            Column("name", String(50)),
            Column("amount", Numeric(12, 2), server_default=text("0")),
            Column("made", DateTime(timezone=True), server_default=func.now(), nullable=False),
            Column("active", Boolean, server_default=text("true"), nullable=False),
            Column("data", JSONB),
            Column("parent", Integer, ForeignKey(before)),
            Index(f"ix_t{number:05}_name", "name"),
            Index(f"uq_t{number:05}_email", "email", unique=True),
        )
    return metadata


def timed(way, url, count):
    """One way in this process: seconds, memory, findings."""
    url = make_url(url)
    metadata = models(count)
    start, cpu = time.perf_counter(), time.process_time()
    found = WAYS[way](url, metadata)
    measured = {
        "seconds": round(time.perf_counter() - start, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "MB": peak(),
        "found": found,
    }
    print(json.dumps(measured))


def peak():
    """The most memory of this process in MB. Linux gives a process what its parent once took as ru_maxrss."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def alembic(url, metadata):
    """The peer, types and defaults compared."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with create_engine(url, poolclass=NullPool).connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return len(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def driftcheck(url, metadata):
    """The whole check."""
    from driftcheck import check_database

    return len(check_database(url, models=metadata).findings)


def read(url, _metadata):
    """Only the reading of live."""
    from driftcheck.database import connect
    from driftcheck.database.dialects.catalog import Scope

    asked = []
    with connect.opened(url) as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        connect.read(connection, Scope())
    return f"{len(asked)} queries"


def plain(url, _metadata):
    """The floor: columns and the definitions of constraints and indexes, as text."""
    queries = (
        "SELECT attrelid, attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attnum > 0",
        "SELECT conrelid, conname, pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT indrelid, indexrelid, pg_get_indexdef(indexrelid) FROM pg_index",
    )
    with create_engine(url, poolclass=NullPool).connect() as connection:
        for query in queries:
            connection.exec_driver_sql(query).fetchall()
    return "3 queries"


def through(url, metadata, delay):
    """Only the reading of live, through the proxy."""
    with proxied(url.query["host"], delay) as port:
        return read(url.set(host="127.0.0.1", port=port, query={}), metadata)


@contextmanager
def proxied(folder, delay):
    """A TCP port that leads to the server's socket and holds every packet to it back for `delay` seconds."""
    ready, ended = threading.Event(), threading.Event()
    ports = []

    async def pump(reader, writer, seconds):
        waiting = asyncio.Queue()
        passing = asyncio.create_task(hand_on(waiting, writer))
        while data := await reader.read(65536):
            waiting.put_nowait((time.perf_counter() + seconds, data))
        waiting.put_nowait((0, b""))
        await passing

    async def hand_on(waiting, writer):
        """A long way, not a narrow one: what comes in one after the other goes out so, each a while later."""
        while (given := await waiting.get())[1]:
            await asyncio.sleep(given[0] - time.perf_counter())
            writer.write(given[1])
        writer.close()

    async def served(reader, writer):
        inward, outward = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        await asyncio.gather(pump(reader, outward, delay), pump(inward, writer, 0))

    async def serve():
        server = await asyncio.start_server(served, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        while not ended.is_set():
            await asyncio.sleep(0.05)
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield ports[0]
    finally:
        ended.set()


WAYS = {
    "alembic": alembic,
    "driftcheck first run": driftcheck,
    "driftcheck again": driftcheck,
    "read live": read,
    "read live, +0 ms": lambda url, metadata: through(url, metadata, 0),
    "read live, +5 ms": lambda url, metadata: through(url, metadata, 0.005),
    "plain queries": plain,
}


def main(count):
    """All ways, each in a process of its own."""
    from driftcheck.database.scratch import Wanted, open_scratch

    with (
        tempfile.TemporaryDirectory() as cache,
        open_scratch(Wanted("postgresql", backend="postgresql"), None, None) as scratch,
        scratch.database() as url,
    ):
        metadata = models(count)
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        metadata.create_all(engine, checkfirst=False)
        print(f"{count} tables, models equal to live: nothing to report")
        shown = url.render_as_string(hide_password=False)
        for way in WAYS:
            command = [sys.executable, __file__, "--one", way, shown, str(count)]
            environment = {**os.environ, "DRIFTCHECK_SCHEMA_CACHE": cache}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
            print(f"{way:22} {done.stdout.strip()}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        timed(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        sys.path.insert(0, str(Path(__file__).parent.parent))
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
