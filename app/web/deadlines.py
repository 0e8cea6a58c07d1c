"""How long a request is worked on: until its time is up, or until nobody waits for the answer any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import ClientDisconnect, Request

# Most requests are answered sooner; only for longer ones is it worth watching whether the client is still there.
_UNWATCHED_SECONDS = 0.1


@asynccontextmanager
async def deadline(request: Request, seconds: float) -> AsyncIterator[None]:
    """Cancels the block with TimeoutError when its time is up, and with ClientDisconnect when the client has gone.

    The request's body has to be read by then.
    """
    loop = asyncio.get_running_loop()
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        limit.reschedule(loop.time())

    watching: list[asyncio.Task[None]] = []
    beginning = loop.call_later(_UNWATCHED_SECONDS, lambda: watching.append(loop.create_task(watch())))
    try:
        async with asyncio.timeout(seconds) as limit:
            yield
    except TimeoutError:
        if gone:
            raise ClientDisconnect from None
        raise
    finally:
        beginning.cancel()
        for task in watching:
            task.cancel()
