"""What a stand-in does wrong on demand: each request takes the next move, and is answered well where there is none."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Move = Callable[["Answer"], Any]


@dataclass
class Answer:
    """A request that is to be answered badly: how the application would answer it, and the way to the client."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    async def well(self) -> tuple[Message, bytes]:
        """What the application would answer."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(self.scope, self.receive, keep)
        return messages[0], b"".join(message.get("body", b"") for message in messages[1:])

    async def say(self, status: int, body: bytes, *headers: tuple[bytes, bytes], more: bool = False) -> None:
        """Answers."""
        sent = [(b"content-type", b"application/json"), *headers]
        await self.send({"type": "http.response.start", "status": status, "headers": sent})
        await self.send({"type": "http.response.body", "body": body, "more_body": more})


def busy(after: str | None = None) -> Move:
    """429, with Retry-After where it is said."""

    async def move(answer: Answer) -> None:
        headers = [(b"retry-after", after.encode())] if after is not None else []
        await answer.say(429, b'{"message": "Too Many Requests"}', *headers)

    return move


async def broken(answer: Answer) -> None:
    """500, with a page for people."""
    await answer.say(500, b"<html>Internal Server Error</html>")


async def cut(answer: Answer) -> None:
    """The first half of the JSON, as if it were all."""
    start, body = await answer.well()
    await answer.say(start["status"], body[: len(body) // 2])


async def stalled(answer: Answer) -> None:
    """The first half of the body, and then nothing, for as long as the client waits."""
    _, body = await answer.well()
    await answer.say(200, body[: len(body) // 2], more=True)
    while (await answer.receive())["type"] != "http.disconnect":  # noqa: ASYNC110
        await asyncio.sleep(0)


def meanwhile(what: Callable[[], Any]) -> Move:
    """Answers well, after something has happened to the account."""

    async def move(answer: Answer) -> None:
        what()
        await answer.app(answer.scope, answer.receive, answer.send)

    return move


async def well(answer: Answer) -> None:
    """Answers well: for a plan in which only a later request goes wrong."""
    await answer.app(answer.scope, answer.receive, answer.send)


@dataclass
class Mischief:
    """Stands between a stand-in and its clients."""

    app: ASGIApp
    moves: deque[Move] = field(default_factory=deque)
    # How often, without a plan, something passing goes wrong.
    often: float = 0.0
    # How many seconds every answer takes.
    slow: float = 0.0
    requests: int = 0

    def plan(self, *moves: Move) -> None:
        """Says what the next requests get."""
        self.moves.extend(moves)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.requests += 1
        if self.slow:
            await asyncio.sleep(self.slow)
        move: Move = self.moves.popleft() if self.moves else well
        if move is well and random.random() < self.often:
            move = random.choice([busy("0"), broken, cut])
        with suppress(ClientDisconnect):  # it was killed, or had no more patience
            await move(Answer(self.app, scope, receive, send))
