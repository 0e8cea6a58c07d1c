"""The listening socket and the server on it: taken over from whoever started us, and left without losing a request.

A rolling restart that loses nothing needs a socket that outlives the process: its queue of connections belongs to the
socket, and one that closes resets them. So the socket is handed over in systemd's way (LISTEN_FDS), by systemd or by
anything that keeps one open; the next process listens on the same socket before the last one has let go of it.
"""

import asyncio
import os
import signal
import socket
import time

import structlog
import uvicorn
from starlette.applications import Starlette

from app.domain.errors import InputError
from app.settings import Settings
from app.web.protocol import at_once_by, prompt_heads

# The first descriptor that is handed over, by systemd's convention.
_FIRST_HANDED = 3
# From SIGTERM to the end, whatever still runs; the last of it is for what has to be written down.
_STOP_SECONDS = 30
_LAST_SECONDS = 5
_TICK = 0.05
_BACKLOG = 2048  # connections that wait to be taken, as many as uvicorn lets wait
log = structlog.get_logger()


def listener_of(settings: Settings) -> socket.socket:
    """The socket that was handed over, else one on the settings' address. Raises InputError where that is taken."""
    if _handed_over():
        return socket.socket(fileno=_FIRST_HANDED)
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)  # at once: who asks before the server is up waits for it, and is not refused
    except OSError as error:
        listener.close()
        raise InputError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose another: --port 0"
        ) from error
    return listener


def _handed_over() -> bool:
    # LISTEN_PID says whom it is meant for, so that a child of that process does not take it.
    return os.environ.get("LISTEN_FDS") == "1" and os.environ.get("LISTEN_PID", str(os.getpid())) == str(os.getpid())


class Server(uvicorn.Server):
    """uvicorn, but it lets go of connections between their requests, never within one.

    Its own shutdown closes idle connections at once, also one on which the next request is already on its way.
    """

    def __init__(self, app: Starlette, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=prompt_heads(settings.deadline_seconds, at_once_by(app)),
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=round(_STOP_SECONDS - _LAST_SECONDS - settings.drain_seconds),
            )
        )
        self._app = app
        self._drain_seconds = settings.drain_seconds

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to serve, and says so in the log: whoever restarts servers waits for that."""
        await super().startup(sockets)
        if self.started:
            log.info("serving")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Says goodbye in the answers, waits until the connections have gone, and closes what is left of them."""
        if signal.SIGTERM in self._captured_signals and self._drain_seconds:
            log.info("draining")
            await self._drain()
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        self._app.state.draining = True
        # Every answer from here on is its connection's last; the header is what uvicorn ends a connection by.
        self.server_state.default_headers = [*self.server_state.default_headers, (b"connection", b"close")]
        if not _handed_over():  # new connections are taken, too, until the balancer has noticed
            await asyncio.sleep(self._drain_seconds)
            return
        for server in self.servers:
            server.close()
        end = time.monotonic() + self._drain_seconds
        while self.server_state.connections and time.monotonic() < end:  # noqa: ASYNC110  # uvicorn has no event
            await asyncio.sleep(_TICK)
