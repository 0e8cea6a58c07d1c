"""Totals say what plain Python counts from the calls, whatever has happened to these and however much is summed up."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.calls import CallDirection, CallOutcome, CallRecord
from app.domain.scope import Scope
from app.domain.times import from_ms, to_ms
from app.store import totals
from app.store.buckets import QUARTER, floored
from app.store.database import Connection
from app.sync.compacting import compact
from tests.builders import a_call, an_agent, save
from tests.conftest import House
from tests.store.totalled import Totals, bare_totals, call_rows, told_totals

UTC_ZONE, KATHMANDU, BERLIN = ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/Berlin")
# Over the change of clocks in Berlin, and with ends that are no quarter-hours.
START, END = datetime(2024, 3, 28, 10, 7, 3, tzinfo=UTC), datetime(2024, 4, 2, 9, 41, tzinfo=UTC)


def random_call(dice: random.Random, key: str) -> CallRecord:
    """A call of some time around the range, of one of three agents or of none, of which much or little is told."""
    hours = dice.randrange(-30, 160)
    spans = {f"{s}_seconds": dice.choice([None, 0, 2, 3, dice.randrange(900)]) for s in ("duration", "talk", "ring", "wait", "hold")}  # fmt: skip
    started_at = START + timedelta(
        hours=hours, minutes=15 * dice.randrange(3), milliseconds=dice.choice([0, 1, 899_999])
    )
    return a_call(
        key,
        started_at=started_at,
        ended_at=dice.choice([None, started_at + timedelta(minutes=3)]),
        direction=dice.choice(list(CallDirection)),
        outcome=dice.choice([CallOutcome.ANSWERED, CallOutcome.ANSWERED, CallOutcome.MISSED]),
        agent=dice.choice([None, an_agent("Ada"), an_agent("Bo"), an_agent("Cy")]),
        revenue=dice.choice([None, 0.5, 12.25]),
        **spans,
    )


async def change(house: House, dice: random.Random, batches: int = 2) -> None:
    """Saves calls, most of which are known by then: of another time, agent or outcome now."""
    for _ in range(batches):
        told = {(key := f"c{dice.randrange(120)}"): random_call(dice, key) for _ in range(40)}
        house.now += timedelta(minutes=1)
        await save(house, *told.values(), source=dice.choice(["one", "two"]))


async def assert_exact(connection: Connection, scope: Scope, zone: ZoneInfo, start: datetime, end: datetime) -> None:
    """Every kind of rows says what the calls of the same moment say."""
    low, high = to_ms(start), to_ms(end)
    calls = [row for row in await call_rows(connection, scope) if low <= row["started_at"] < high]

    def expected(bucket: Any, *more: str) -> Totals:
        return bare_totals(
            calls,
            scope,
            lambda row: (
                bucket(row["started_at"]),
                *[row[m] or "" for m in (*more, "source_id", "direction", "outcome")],
            ),
        )

    def day(moment: int) -> Any:
        return from_ms(moment).astimezone(zone).date()

    def hour(moment: int) -> Any:
        local = from_ms(moment).astimezone(zone)
        return local.replace(minute=0, second=0, microsecond=0), local.utcoffset()

    keys = ("source_id", "direction", "outcome")
    made = {
        "quarter": (totals.quarter_rows(scope, low, high), lambda moment: floored(moment, QUARTER), keys),
        "hour": (totals.hour_rows(scope, zone, low, high), hour, keys),
        "day": (totals.day_rows(scope, zone, low, high), day, keys),
        "agent": (totals.agent_day_rows(scope, zone, low, high), day, ("agent_id", *keys)),
    }
    for name, (rows, bucket, row_keys) in made.items():
        moments = rows.c["day" if name == "agent" else name]
        told = await told_totals(connection, rows, moments, *[rows.c[key] for key in row_keys])
        assert merged(told, bucket) == expected(bucket, *row_keys[: len(row_keys) - 3]), name


def merged(told: Totals, bucket: Any) -> Totals:
    """Rows of parts of one bucket as one."""
    how = {"min": min, "max": max}
    found: Totals = {}
    for (moment, *keys), measures in told.items():
        one = found.setdefault((bucket(moment), *keys), dict.fromkeys(measures))
        for name, value in measures.items():
            if value is not None:
                before = one[name]
                together = how["min" if name in MINIMA else "max"] if name in EXTREMES else lambda a, b: a + b
                one[name] = value if before is None else together(before, value)
    return found


from app.store.total_tables import MEASURES  # noqa: E402

EXTREMES = {name for name, way in MEASURES.items() if way != "sum"}
MINIMA = {name for name, way in MEASURES.items() if way == "min"}


@pytest.mark.parametrize("zone", [UTC_ZONE, KATHMANDU, BERLIN], ids=str)
async def test_totals_are_what_plain_python_counts_after_any_changes(house: House, zone: ZoneInfo) -> None:
    dice = random.Random(7)
    for turn in range(4):
        await change(house, dice)
        if turn % 2:
            await compact(house.database, house.scope)
        async with house.database.read() as connection:
            await assert_exact(connection, house.scope, zone, START, END)
