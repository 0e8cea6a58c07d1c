"""Work that is begun outside of a task: most of it ends without ever waiting, and a task of its own costs as much as it."""

import asyncio
from collections.abc import Coroutine, Generator
from contextvars import Context
from types import coroutine
from typing import Any, TypeVar

Done = TypeVar("Done")


async def in_task() -> None:
    """Goes on within a task: to be awaited before what needs one, as timeouts do. Nearly always it is so already."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


@coroutine
def rest(work: Coroutine[Any, Any, Done], awaited: Any) -> Generator[Any, Any, Done]:
    """What is left of a coroutine that was begun, and waits."""
    try:
        while True:
            try:
                sent = yield awaited
            except GeneratorExit:
                work.close()
                raise
            except BaseException as error:  # noqa: BLE001  # cancelled, say: it is the coroutine's to see
                awaited = work.throw(error)
            else:
                awaited = work.send(sent)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]  # what a coroutine returns stands in its exception


def begun(work: Coroutine[Any, Any, None], context: Context) -> asyncio.Task[None] | None:
    """Begins at once; the task in which the work goes on, where it waits for anything."""
    try:
        awaited = context.run(work.send, None)
    except StopIteration:
        return None
    return asyncio.get_running_loop().create_task(_resumed(work, awaited), context=context)


async def _resumed(work: Coroutine[Any, Any, None], awaited: Any) -> None:
    await rest(work, awaited)
