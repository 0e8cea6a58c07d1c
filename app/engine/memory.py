"""What is kept for the next time, within bounds of number and of size."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Values by their keys; those that were not asked for the longest go first, and one that is too large goes at once."""

    def __init__(
        self, most: int, most_bytes: int | None = None, forgets: Callable[[Any, Kept], object] | None = None
    ) -> None:
        """`forgets` is told of what goes by itself: its key, and the value."""
        self._most, self._most_bytes = most, most_bytes
        self._forgets = forgets
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

    def drop(self, key: Hashable) -> None:
        """Lets go of a value, if it is kept."""
        _, freed = self._kept.pop(key, (None, 0))
        self.bytes -= freed

    def keep(self, key: Hashable, value: Kept, size: int = 0) -> None:
        """Keeps a value of about so many bytes."""
        self.drop(key)
        self._kept[key] = (value, size)
        self.bytes += size
        while len(self._kept) > self._most or (self._most_bytes is not None and self.bytes > self._most_bytes):
            oldest, (gone, freed) = self._kept.popitem(last=False)
            self.bytes -= freed
            if self._forgets is not None:
                self._forgets(oldest, gone)
