"""What is kept is bounded by number and by size, and whoever else holds something of it is told when it goes."""

from typing import Any

from app.engine.memory import Memory


def kept(memory: Memory[str], keys: str) -> str:
    """Those of the keys that are kept."""
    return "".join(key for key in keys if memory._kept.get(key))


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    gone: list[Any] = []
    memory: Memory[str] = Memory(2, forgets=lambda *told: gone.append(told))
    memory.keep("a", "first")
    memory.keep("b", "second")
    assert memory.known("a") == "first"
    memory.keep("c", "third")
    assert (kept(memory, "abc"), gone, len(memory)) == ("ac", [("b", "second")], 2)


def test_as_many_go_as_make_room_enough() -> None:
    memory: Memory[str] = Memory(10, 100)
    for key in "abc":
        memory.keep(key, key, 30)
    memory.keep("d", "d", 70)
    assert (kept(memory, "abcd"), memory.bytes) == ("cd", 100)


def test_what_is_too_large_by_itself_goes_at_once() -> None:
    memory: Memory[str] = Memory(10, 100)
    memory.keep("a", "a", 101)
    assert (len(memory), memory.bytes) == (0, 0)


def test_what_is_kept_anew_or_dropped_counts_once() -> None:
    memory: Memory[str] = Memory(10, 100)
    memory.keep("a", "a", 40)
    memory.keep("a", "b", 50)
    assert (memory.known("a"), memory.bytes) == ("b", 50)
    memory.drop("a")
    memory.drop("a")
    assert (memory.known("a"), memory.bytes) == (None, 0)
