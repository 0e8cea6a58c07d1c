"""Why the engine steps aside: the reference path answers instead."""


class Surprise(Exception):  # noqa: N818  # it is no error of anybody's
    """`reason` is a word for the figures; nothing of the request's values is in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
