"""Cuts Asterisk's CSV into rows, and folds the rows of one call together."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.errors import RecordError
from app.providers.contract import Payload, Unreadable
from app.providers.payload import mapping, required, sequence, text

# The columns of Asterisk's Master.csv, in its order; the file has no header line of its own.
COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield",
)  # fmt: skip
# What stands in a column that has no value; beside blanks.
_ABSENT = "not_available"
_START, _ANSWER, _END = COLUMNS.index("start"), COLUMNS.index("answer"), COLUMNS.index("end")
_ORDER = (_START, _ANSWER, _END)
# How many there are where the last two are not logged, which is Asterisk's default.
_WITHOUT_LAST = (len(COLUMNS) - 2, len(COLUMNS) - 1)
_BOM = "\ufeff"

# One row by column name; None where the column is blank.
Row = dict[str, str | None]


def lines(source: Iterable[str]) -> Iterator[Payload | Unreadable]:
    """One payload a row, `{"rows": [row]}`; a line that is no row of 18 columns comes out with the reason.

    Lines are read one by one, so that a quote that is never closed spoils its own line and not the rest of the file.
    """
    for line in source:
        written = line.removeprefix(_BOM).rstrip("\r\n")
        if not written.strip():
            continue
        row = _split(written)
        if row is None:
            yield Unreadable(written, "it is no line of CSV")
        elif len(row) != len(COLUMNS):
            yield Unreadable(written, _width(len(row)))
        elif tuple(cell.strip().casefold() for cell in row) != COLUMNS:
            yield {"rows": [row]}


def _split(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], skipinitialspace=True), None)
    except csv.Error:
        return None


def _width(count: int) -> str:
    said = f"it has {count} {'column' if count == 1 else 'columns'}, not the {len(COLUMNS)} of Asterisk's Master.csv"
    if count in _WITHOUT_LAST:
        return f"{said}: set loguniqueid=yes and loguserfield=yes in Asterisk's cdr.conf"
    return said


def items(body: Any) -> Iterator[Any]:
    """The payloads of a decoded body: calls as `{"rows": [...]}`, bare rows of 18 values, or lists of either."""
    waiting = [body]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, list):
            yield item
        elif len(item) == len(COLUMNS) and not any(isinstance(cell, list | dict) for cell in item):
            yield {"rows": [item]}
        else:
            waiting.extend(reversed(item))


def merge(one: Payload, other: Payload) -> Payload:
    """The rows of both as texts, each once, in the order of the call: it matters not which came first, or how often."""
    rows = {_texts(row) for payload in (one, other) for row in sequence(mapping(payload).get("rows"))}
    return {"rows": [list(row) for row in sorted(rows, key=lambda row: (_moments(row), row))]}


def _texts(row: Any) -> tuple[str, ...]:
    return tuple(text(cell) or "" for cell in sequence(row))


def _moments(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[index] for index in _ORDER if index < len(row))


def rows_of(payload: Payload) -> list[Row]:
    """The rows of one call in their order, each once. Raises RecordError where there are none, or not of one call."""
    found = [_named(row) for row in merge(payload, payload)["rows"]]
    if not found:
        raise RecordError("there are no rows of the call")
    if len({required(row["uniqueid"], "uniqueid") for row in found}) > 1:
        raise RecordError("the rows have several values of uniqueid, so they are not of one call")
    return found


def _named(row: Any) -> Row:
    cells = sequence(row)
    if len(cells) != len(COLUMNS):
        raise RecordError(f"a row has {len(cells)} columns, not {len(COLUMNS)}")
    return {name: _cell(cell) for name, cell in zip(COLUMNS, cells, strict=True)}


def _cell(value: Any) -> str | None:
    found = text(value)
    return None if found is None or found.casefold() == _ABSENT else found
