"""An ASGI application served as ours is: one process, uvicorn with uvloop and httptools, the collector as ours has it."""

import gc
import socket
import sys
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette


def served(make: Callable[[str], Starlette]) -> None:
    """Serves what is made for the store that the command line names. Prints its port once it listens."""
    app = make(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])
