"""The line of a request as the log would write it, in a tenth of the time: it is one a request, and nearly all of it is ours."""

import asyncio
import atexit
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from app.web.logs import redacted
from app.web.requests import Line, Usual, WriteLine

# What others can have written: the client its operation's name, the identity provider the viewer's.
_FOREIGN = ("name", "viewer")
_SECONDS = 0.05  # lines are written together: each time the system is asked costs as much as a line
_EVENT = f"{'request':<30}"  # as wide as in the log's own lines for people
_ODD = re.compile(r"""[^\w.:@+•\[\]-]""")
_MOST_USUAL = 1_024  # of each form: texts for what is the same in most lines
_encode = msgspec.json.Encoder().encode


def line_writer(form: str) -> WriteLine | None:
    """What writes the lines, `text` or `json`; None where somebody is looking on, for whom the log has colours."""
    stream = sys.stderr
    if form == "text" and stream.isatty():
        return None
    written: Callable[[Line], str] = _as_json if form == "json" else _as_text
    waiting: list[Line] = []

    def write_waiting() -> None:
        if waiting:
            lines = "".join([written(line) for line in waiting])
            waiting.clear()
            stream.write(lines)
            stream.flush()

    def write(line: Line) -> None:
        waiting.append(line)
        if len(waiting) == 1:
            asyncio.get_running_loop().call_later(_SECONDS, write_waiting)

    atexit.register(write_waiting)
    return write


def _as_json(line: Line) -> str:
    noted = line.noted
    before, after = _usual_json(line.usual)
    figures = f'"ms":{line.milliseconds},"statements":{noted.statements},"rows":{noted.rows}'
    return f'{{"request_id":"{noted.request_id}",{before},{figures},{after},"timestamp":"{_at(line)}"}}\n'


def _as_text(line: Line) -> str:
    noted = line.noted
    before, after = _usual_text(line.usual)
    figures = f"ms={line.milliseconds} statements={noted.statements} rows={noted.rows}"
    return f"{_at(line)} [info     ] {_EVENT} request_id={noted.request_id} {before} {figures} {after}\n"


def _at(line: Line) -> str:
    return line.at.isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=_MOST_USUAL)
def _usual_json(usual: Usual) -> tuple[str, str]:
    before, path = _hidden(usual)
    return _encode(before)[1:-1].decode(), _encode({"path": path, "event": "request", "level": "info"})[1:-1].decode()


@lru_cache(maxsize=_MOST_USUAL)
def _usual_text(usual: Usual) -> tuple[str, str]:
    before, path = _hidden(usual)
    return " ".join([f"{name}={_shown(value)}" for name, value in before.items()]), f"path={_shown(path)}"


def _hidden(usual: Usual) -> tuple[dict[str, Any], str]:
    """What stands before the figures, without what others can have written there and no log may hold; and the path."""
    fields = usual._asdict()
    for name in _FOREIGN:
        if fields[name] is not None:
            fields[name] = redacted(fields[name])
    return fields, fields.pop("path")


def _shown(value: Any) -> Any:
    """A text that could be taken for something else of the line, or for a line of its own, is shown in quotes."""
    if isinstance(value, tuple):
        value = list(value)
    return repr(value) if isinstance(value, str) and _ODD.search(value) else value
