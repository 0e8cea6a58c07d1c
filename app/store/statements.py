"""What a store did, statement by statement, for whoever counts or traces: texts and figures, never values."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext


class Statement(NamedTuple):
    """One statement that is over. Values are no part of its text."""

    text: str
    # By the wall clock, in nanoseconds.
    began_at: int
    seconds: float
    rows: int
    failed: bool


def report_to(engine: Engine, observer: Callable[[Statement], None]) -> None:
    """Tells the observer of every statement of an engine."""

    def began(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        context.began = (time.time_ns(), time.perf_counter())

    def ended(_: Any, cursor: Any, text: str, __: Any, context: Any, ___: Any) -> None:
        # Both drivers have fetched by now; only one of them says in `rowcount` how many rows there are.
        rows = len(getattr(cursor, "_rows", ()))
        observer(_over(context, text, rows, failed=False))

    def failed(context: ExceptionContext) -> None:
        execution: Any = context.execution_context
        if execution is not None and hasattr(execution, "began"):
            observer(_over(execution, context.statement or "", 0, failed=True))

    event.listen(engine, "before_cursor_execute", began)
    event.listen(engine, "after_cursor_execute", ended)
    event.listen(engine, "handle_error", failed)


def _over(context: Any, text: str, rows: int, failed: bool) -> Statement:
    began_at, since = context.began
    return Statement(text, began_at, time.perf_counter() - since, rows, failed)
