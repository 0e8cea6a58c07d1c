"""What SQLite's REGEXP means: it has none of its own, and the expressions here name digits of every script."""

import re
from functools import lru_cache


def regexp(expression: str, text: str | None) -> bool:
    """Whether a text holds what an expression describes.

    A text in ASCII, as most are, is compared with the ASCII of the expression alone, in a third of the time: so other
    signs may stand in an expression only as what a text may have in a place, not as what it may not have there.
    """
    return text is not None and _compiled(expression, text.isascii()).search(text) is not None


@lru_cache(maxsize=100)
def _compiled(expression: str, in_ascii: bool) -> re.Pattern[str]:
    return re.compile(expression.encode("ascii", "ignore").decode() if in_ascii else expression)
