"""A real PostgreSQL server on loopback, for tests and measurements; each test has a database of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest

from app.persistence.db import connect, migrate
from tests.support.chroma import free_port

OWNER = "studyrag"
"""Whom the product connects as: no superuser, and bound by its own row level security as everybody is."""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
TEMPLATE = "studyrag_template"


class PostgresServer:
    """`with PostgresServer() as server:`; it may be killed, or stopped as an operator does, and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="studyrag-postgres-"))
        self._as = _somebody()
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self.port = free_port()

    def __enter__(self) -> Self:
        if self._as:
            shutil.chown(self.folder, self._as)
        # Sorts as people do, not as bytes do: what relies on the order of bytes shows.
        self._call("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
                   "--locale-provider=icu", "--icu-locale=en-US", "-D", str(self.folder / "data"))  # fmt: skip
        self.start()
        self._ask(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        options = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [_program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), "-h", "127.0.0.1",
             "-k", "", "-c", "max_connections=200", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", user=self._as,
        )  # fmt: skip
        while subprocess.call([_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]):
            if self._process.poll() is not None:
                raise RuntimeError("the PostgreSQL server did not start")

    def stop(self, how: int = signal.SIGINT) -> None:
        """SIGINT ends it at once and orderly, SIGQUIT as a crash does."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    @contextmanager
    def database(self, template: str = "template0", like: str = "") -> Iterator[str]:
        """The address of a new one, as `DATABASE_URL` names it."""
        self._made += 1
        name = f"studyrag_{self._made}"
        self._ask(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} {like}")
        try:
            yield self.url(name)
        finally:
            self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self) -> str:
        """A database with the schema of today, to be copied."""
        self._ask(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER} TEMPLATE template0")
        engine = connect(self.url(TEMPLATE).replace("postgresql:", "postgresql+psycopg:"))
        migrate(engine)
        engine.dispose()
        return TEMPLATE

    def url(self, database: str, user: str = OWNER) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run([_program(program), *arguments], capture_output=True, text=True, cwd="/", user=self._as)
        if done.returncode:
            raise RuntimeError(done.stderr)


def _program(name: str) -> str:
    """Debian keeps the server's programs out of the path, one folder for each version; the newest."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, newest), os.environ["PATH"], "/usr/sbin"]))
    if found is None:
        raise RuntimeError(f"{name} is missing: run scripts/install.sh servers")
    return found


def _somebody() -> str | None:
    """The server refuses to run as root."""
    if os.getuid():
        return None
    known: dict[str, Any] = {one.pw_name: one for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests that ask for it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    return postgres.template()


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A database of the test's own, with the schema of today."""
    with postgres.database(postgres_template) as url:
        yield url


@contextmanager
def pooler(server: PostgresServer) -> Iterator[int]:
    """The port of a pgbouncer in transaction mode, with two connections to the server."""
    port = free_port()
    settings = server.folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port} user={OWNER}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\n"
    )
    process = subprocess.Popen(
        [_program("pgbouncer"), "-q", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        user=_somebody(),
    )  # fmt: skip
    try:
        while subprocess.call([_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]):
            if process.poll() is not None:
                raise RuntimeError("pgbouncer did not start")
        yield port
    finally:
        process.terminate()
        process.wait()
