"""Work that is begun outside of a task goes on in one as soon as it waits, as if it had been in one from the start."""

import asyncio
from contextvars import ContextVar, copy_context

import pytest

from app.store.turns import begun, in_task

seen: ContextVar[str] = ContextVar("seen", default="nothing")


async def test_what_waits_for_nothing_is_done_at_once_and_without_a_task() -> None:
    done = []

    async def work() -> None:
        done.append("done")

    assert begun(work(), copy_context()) is None
    assert done == ["done"]


async def test_what_waits_goes_on_in_a_task_of_the_same_context() -> None:
    door, done = asyncio.Event(), []

    async def work() -> None:
        seen.set("before")
        await door.wait()
        done.append(seen.get())

    task = begun(work(), copy_context())
    assert task is not None
    await asyncio.sleep(0)
    assert done == []
    door.set()
    await task
    assert done == ["before"]
    assert seen.get() == "nothing", "who began it has a context of their own"


async def test_what_needs_a_task_is_within_one() -> None:
    tasks = []

    async def work() -> None:
        await in_task()
        tasks.append(asyncio.current_task())
        async with asyncio.timeout(1):
            await asyncio.sleep(0.01)

    outside: asyncio.Future[asyncio.Task[None] | None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(lambda: outside.set_result(begun(work(), copy_context())))
    task = await outside
    assert task is not None
    await task
    assert tasks == [task]


async def test_what_is_cancelled_may_say_goodbye_and_fails_as_it_would() -> None:
    said = []

    async def work() -> None:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            said.append("goodbye")
            raise

    async def failing() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    task = begun(work(), copy_context())
    assert task is not None
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert said == ["goodbye"]
    other = begun(failing(), copy_context())
    assert other is not None
    with pytest.raises(ZeroDivisionError):
        await other
