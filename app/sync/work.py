"""What a process does by itself beside what it is asked for: begun, and told to stop with some patience."""

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress


class Work(ABC):
    """A task that runs until it is told to stop; nothing runs before `start`."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins."""
        self._task = asyncio.create_task(self._run())

    async def stop(self, patience: float = 2.0) -> None:
        """Ends after what is under way; what takes longer is broken off, and undone where it was not whole."""
        self._stopping.set()
        if self._task:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, patience)

    @abstractmethod
    async def _run(self) -> None:
        """What it does, until `_stopping` is set."""

    async def _stopped_within(self, seconds: float) -> bool:
        """Waits so long, or until it is told to stop; whether it was."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
