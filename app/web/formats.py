"""The forms of an export: CSV, lines of JSON, and Parquet, written page by page."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

import msgspec

from app.domain.errors import InputError
from app.graphql.exporting import ExportColumn, ExportPage

CURSOR = ExportColumn(("cursor",), "String")
# What a spreadsheet takes for a formula; but a sign before digits alone is a phone number's.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]*\Z)")
_encode = msgspec.json.encode


class Form(Protocol):
    """Writes an export in one form."""

    def page(self, page: ExportPage) -> bytes:
        """The bytes of a page."""

    def end(self) -> bytes:
        """What comes after the last page."""


def _check(columns: Sequence[ExportColumn], cursors: bool) -> None:
    if cursors and any(column.name == CURSOR.name for column in columns):
        raise InputError("A column is called cursor already. Give it another alias, or leave the cursors out.")


class Csv:
    """RFC 4180 in UTF-8: a line of names, then a line a row; lists and objects as JSON, nothing for null."""

    media_type, suffix = "text/csv; charset=utf-8", "csv"

    def __init__(self, columns: Sequence[ExportColumn], cursors: bool, resumed: bool) -> None:
        _check(columns, cursors)
        self._columns, self._cursors = columns, cursors
        # Whoever goes on appends to what there is.
        self._head = not resumed

    def page(self, page: ExportPage) -> bytes:
        """The bytes of a page."""
        text = io.StringIO()
        write = csv.writer(text)
        if self._head:
            write.writerow([column.name for column in self._columns] + [CURSOR.name] * self._cursors)
            self._head = False
        for place, row in enumerate(page.rows):
            cells = [_cell(column.of(row)) for column in self._columns]
            write.writerow([*cells, page.cursors[place]] if self._cursors and page.cursors else cells)
        return text.getvalue().encode()

    def end(self) -> bytes:
        """Nothing."""
        return b""


def _cell(value: Any) -> Any:
    if isinstance(value, bool | dict | list):
        return _encode(value).decode()
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


class Lines:
    """A JSON object a line, as the query would answer it."""

    media_type, suffix = "application/x-ndjson", "ndjson"

    def __init__(self, columns: Sequence[ExportColumn], cursors: bool, resumed: bool) -> None:
        _check(columns, cursors)
        self._cursors = cursors

    def page(self, page: ExportPage) -> bytes:
        """The bytes of a page."""
        rows = page.rows
        if self._cursors and page.cursors:
            rows = [row | {CURSOR.name: cursor} for row, cursor in zip(rows, page.cursors, strict=True)]
        return b"".join(_encode(row) + b"\n" for row in rows)

    def end(self) -> bytes:
        """Nothing."""
        return b""


class Parquet:
    """Apache Parquet: typed columns, instants in UTC; a row group a page. Raises InputError where pyarrow is missing."""

    media_type, suffix = "application/vnd.apache.parquet", "parquet"

    def __init__(self, columns: Sequence[ExportColumn], cursors: bool, resumed: bool) -> None:
        try:
            arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ImportError as error:
            message = "Parquet needs a package: pip install 'switchboard[parquet]'. CSV and NDJSON need none."
            raise InputError(message, "FORMAT_UNAVAILABLE") from error
        self._arrow, self._cursors = arrow, cursors
        self._columns = [*columns, CURSOR] if cursors else list(columns)
        self._schema = arrow.schema([(column.name, _arrow_type(arrow, column.kind)) for column in self._columns])
        self._bytes = io.BytesIO()
        self._writer: Any = parquet.ParquetWriter(_Kept(self._bytes), self._schema, compression="zstd")

    def page(self, page: ExportPage) -> bytes:
        """The bytes of a page."""
        arrays = [
            self._arrow.array(self._values(column, page), type=self._schema.field(place).type)
            for place, column in enumerate(self._columns)
        ]
        self._writer.write_table(self._arrow.table(arrays, schema=self._schema))
        return self._taken()

    def _values(self, column: ExportColumn, page: ExportPage) -> list[Any]:
        if column is CURSOR:
            return list(page.cursors) or [None] * len(page.rows)
        read: Callable[[Any], Any] = _ARROW_VALUES.get(column.kind, _text)
        found = [column.of(row) for row in page.rows]
        return [None if value is None else read(value) for value in found]

    def end(self) -> bytes:
        """The footer, without which a file cannot be read."""
        self._writer.close()
        return self._taken()

    def _taken(self) -> bytes:
        found = self._bytes.getvalue()
        self._bytes.seek(0)
        self._bytes.truncate()
        return found


class _Kept(io.RawIOBase):
    """A file whose beginning is taken away meanwhile: it still knows how long it is."""

    def __init__(self, into: io.BytesIO) -> None:
        super().__init__()
        self._into, self._length = into, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        written = self._into.write(data)
        self._length += written
        return written

    def tell(self) -> int:
        return self._length


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _encode(value).decode()


_ARROW_VALUES: dict[str, Callable[[Any], Any]] = {
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "DateTime": datetime.fromisoformat,
}


def _arrow_type(arrow: Any, kind: str) -> Any:
    known = {
        "Int": arrow.int64(),
        "Float": arrow.float64(),
        "Boolean": arrow.bool_(),
        "DateTime": arrow.timestamp("ms", tz="UTC"),
    }
    return known.get(kind, arrow.string())


FORMS: dict[str, Any] = {form.suffix: form for form in (Csv, Lines, Parquet)}


def form_named(name: Any) -> Any:
    """The form of a name. Raises InputError."""
    if not isinstance(name, str) or name not in FORMS:
        raise InputError(f"There is no format {name!r}. Use {', '.join(FORMS)}.")
    return FORMS[name]
