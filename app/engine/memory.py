"""What is kept for the next time, within bounds of number and of size."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Values by their keys; those that were not asked for the longest go first. One that is too large is not kept at all."""

    def __init__(
        self, most: int, most_bytes: int | None = None, forgotten: Callable[[Kept], object] | None = None
    ) -> None:
        """`forgotten` is told of each value that goes."""
        self._most, self._most_bytes = most, most_bytes
        self._forgotten = forgotten
        self._kept: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        """How many values are kept."""
        return len(self._kept)

    def known(self, key: Hashable) -> Kept | None:
        """The value of a key, if it is kept."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: Kept, size: int = 0) -> None:
        """Keeps a value of about so many bytes."""
        if self._most_bytes is not None and size > self._most_bytes:
            return
        self._kept[key] = (value, size)
        self.bytes += size
        while len(self._kept) > self._most or (self._most_bytes is not None and self.bytes > self._most_bytes):
            _, (gone, freed) = self._kept.popitem(last=False)
            self.bytes -= freed
            if self._forgotten is not None:
                self._forgotten(gone)
