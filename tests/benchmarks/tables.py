"""The report: tables of ratios in Markdown, as the README has them."""

from collections.abc import Mapping, Sequence

from tests.benchmarks.rounds import Measured
from tests.benchmarks.servers import FLOOR, KINDS, OURS, Kind
from tests.benchmarks.workloads import WORKLOADS

STORES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# Between these the tables stand in a file.
BEGIN, END = "<!-- python -m tests.benchmarks --into README.md -->", "<!-- so far -->"


class NoPlaceError(Exception):
    """A file has no place for the tables."""


def put_into(text: str, report: str, mark: str = BEGIN) -> str:
    """A Markdown file's text with a new report in the place of its last one, after a mark. Raises NoPlaceError."""
    before, begin, rest = text.partition(mark)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlaceError(f"The file has no {mark} with {END} after it, between which the tables would go.")
    return f"{before}{begin}\n\n{report.strip()}\n\n{end}{after}"


def ratios(found: Sequence[Measured]) -> str:
    """A table for each store and concurrency, a column for each workload."""
    groups: dict[tuple[str, int], dict[str, Measured]] = {}
    for one in found:
        groups.setdefault((one.store, one.connections), {})[one.workload] = one
    return "\n\n".join(_table(store, connections, of) for (store, connections), of in groups.items())


def _table(store: str, connections: int, of: Mapping[str, Measured]) -> str:
    names = [workload.name for workload in WORKLOADS if workload.name in of]
    told = [
        (kind.compared, [_compared(of[name], kind) for name in names])
        for kind in KINDS.values()
        if kind is not OURS and any(of[name].rate(kind.name) for name in names)
    ]
    told.append(("our requests a second", [_rate(of[name].rate(OURS.name)) for name in names]))
    return markdown(f"{STORES[store]}, {connections} at once", names, told)


def markdown(corner: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A table."""
    lines = [[corner, *names], ["---", *["---:"] * len(names)], *([title, *values] for title, values in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _compared(of: Measured, kind: Kind) -> str:
    """How many times as quick ours is, and in brackets the floor."""
    ours, floor = (_ratio(of.ratio(name, kind.name)) for name in (OURS.name, FLOOR.name))
    return f"{ours} ({floor})" if floor and kind is not FLOOR else ours


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
