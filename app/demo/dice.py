"""Dice that fall the same way every time: all chance in the demo follows from words such as a seed and a date."""

from random import Random


def dice(*words: object) -> Random:
    """The dice of these words. Nothing secret is made with them."""
    return Random("/".join(map(str, words)))  # noqa: S311
