"""The demo is a believable company: reproducible, whole, with a rhythm, and told by its vendors without a mistake."""

import asyncio
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.demo import FULL, PARTS, Part, Size, conversations, is_fresh, open_sources, take
from app.demo.company import OFFICES, Office, teams
from app.demo.conversation import Conversation
from app.store.database import Database
from app.sync.ingest import Counts
from app.web.examples import examples
from tests.conftest import SCOPE, House

NOW = datetime(2026, 3, 18, 21, 17, 5, tzinfo=UTC)  # a Wednesday; the US changed its clocks ten days before
SMALL = Size(agents=9, contacts=90, calls=900, days=21)
LIVELY = Size(agents=30, contacts=600, calls=8_000, days=35)
KATHMANDU, SALES, HOTLINE = OFFICES


@pytest.fixture(scope="module")
def lively() -> list[Conversation]:
    """Enough calls to see a rhythm in."""
    return conversations(NOW, LIVELY)


@pytest.fixture(scope="module")
def filled_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the small demo in it."""
    path = tmp_path_factory.mktemp("demo") / "filled.sqlite"
    shutil.copy(sqlite_template, path)
    asyncio.run(_fill_file(path))
    return path


@pytest.fixture
async def demo(filled_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """The small demo, in a store of the test's own."""
    shutil.copy(filled_file, tmp_path / "demo.sqlite")
    found = Database(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    yield found
    await found.close()


@pytest.fixture
async def empty(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A store with nothing in it."""
    shutil.copy(sqlite_template, tmp_path / "empty.sqlite")
    found = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    yield found
    await found.close()


async def _fill_file(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    await filled(database)
    await database.close()


async def filled(database: Database, now: datetime = NOW, parts: Sequence[Part] = PARTS) -> Counts:
    await open_sources(database, SCOPE, now)
    total = Counts()
    for part in parts:
        total += await take(database, SCOPE, now, part, SMALL)
    return total


async def rows(database: Database, statement: str) -> list[Any]:
    async with database.read() as connection:
        return list(await connection.execute(text(statement)))


async def test_all_calls_are_taken_and_none_is_rejected(empty: Database) -> None:
    counts = await filled(empty)
    assert (counts.read, counts.new, counts.rejected) == (900, 900, 0)


async def test_parts_may_be_taken_in_any_order(demo: Database, empty: Database) -> None:
    said = "SELECT provider_call_id, started_at, outcome, phone_number, notes, details FROM calls ORDER BY 1"
    await filled(empty, parts=PARTS[::-1])
    assert await rows(demo, said) == await rows(empty, said)


async def test_demo_is_fresh_for_an_hour_once_all_of_it_is_taken(demo: Database, empty: Database) -> None:
    await filled(empty, parts=PARTS[:-1])
    assert not await is_fresh(empty, SCOPE, NOW, SMALL)
    assert await is_fresh(demo, SCOPE, NOW + timedelta(minutes=59), SMALL)
    assert not await is_fresh(demo, SCOPE, NOW + timedelta(minutes=61), SMALL)


async def test_there_are_three_sources_with_their_agents_and_contacts(demo: Database) -> None:
    found = await rows(demo, "SELECT name, provider, timezone, region FROM sources ORDER BY name")
    assert [tuple(row) for row in found] == [
        ("Kathmandu office", "VOXCROW", "Asia/Kathmandu", "NP"),
        ("Sales floor", "SMARTFLO", "Asia/Kolkata", "IN"),
        ("US hotline", "CALLCAP", "America/Chicago", "US"),
    ]
    assert await rows(demo, "SELECT count(*) FROM agents") == [(9,)]
    assert await rows(demo, "SELECT count(*) FROM contacts") == [(90,)]


async def test_two_fresh_stores_hold_the_same_calls(demo: Database, empty: Database) -> None:
    said = (
        "SELECT c.provider_call_id, c.started_at, c.ended_at, c.outcome, c.phone_number, c.notes, c.details, a.name "
        "FROM calls c LEFT JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.agent_id ORDER BY 1"
    )
    await filled(empty)
    assert await rows(demo, said) == await rows(empty, said)


async def test_filling_again_at_the_same_moment_changes_nothing(demo: Database) -> None:
    again = await filled(demo)
    assert (again.new, again.updated, again.unchanged, again.rejected) == (0, 0, 900, 0)


async def test_filling_again_a_day_later_adds_what_has_happened_since(demo: Database) -> None:
    later = NOW + timedelta(days=1)
    since = [call for call in conversations(later, SMALL) if call.ended_at > NOW]
    again = await filled(demo, later)
    assert again.new == len(since) > 0
    assert again.unchanged > 10 * again.updated > 0  # analysts have worked on some of yesterday's calls
    assert again.rejected == 0


async def test_nothing_happens_after_now_or_before_the_first_day(demo: Database) -> None:
    ((first, last, modified),) = await rows(
        demo, "SELECT min(started_at), max(coalesce(ended_at, started_at)), max(modified_at) FROM calls"
    )
    now = NOW.timestamp() * 1000
    assert now - SMALL.days * 86_400_000 <= first < last <= now
    assert modified <= now


async def test_no_agent_is_in_two_calls_at_once(demo: Database) -> None:
    calls = await rows(
        demo,
        "SELECT agent_id, started_at, ended_at FROM calls WHERE agent_id IS NOT NULL ORDER BY agent_id, started_at",
    )
    for one, following in pairwise(calls):
        assert one.agent_id != following.agent_id or one.ended_at <= following.started_at


async def test_what_the_store_holds_is_what_happened(demo: Database) -> None:
    happened = Counter((call.started_at, call.answered, call.inbound) for call in conversations(NOW, SMALL))
    stored = await rows(demo, "SELECT started_at, outcome, direction FROM calls")
    assert happened == Counter(
        (datetime.fromtimestamp(row.started_at / 1000, UTC), row.outcome == "ANSWERED", row.direction == "INBOUND")
        for row in stored
    )


async def test_each_vendor_tells_what_only_it_knows(demo: Database) -> None:
    legs = Counter(row.kind for row in await rows(demo, "SELECT kind FROM call_legs"))
    assert {"START", "IVR", "QUEUE", "AGENT", "MISSED_AGENT", "CONTACT", "AGENT_HANGUP", "HANGUP"} <= legs.keys()
    labels = {row.kind for row in await rows(demo, "SELECT DISTINCT kind FROM call_labels")}
    assert {"QUEUE", "CAMPAIGN", "DISPOSITION", "WRAP_UP", "TRUNK", "REVIEW", "RESCUE", "FEATURE", "CIRCLE"} <= labels
    units = {row.kind for row in await rows(demo, "SELECT DISTINCT kind FROM org_units")}
    assert units == {"CORPORATE", "DIVISION", "LOCATION", "CAMPAIGN"}
    ((recorded, noted, earned),) = await rows(
        demo, "SELECT sum(has_recording), count(notes), sum(revenue > 0) FROM calls"
    )
    assert recorded > 300
    assert noted > 50
    assert earned > 5


async def test_a_contact_has_one_history_over_several_sources(demo: Database) -> None:
    shared = await rows(demo, "SELECT contact_id FROM calls GROUP BY contact_id HAVING count(DISTINCT source_id) > 1")
    assert len([row for row in shared if row.contact_id]) > 5


async def test_the_graph_shows_the_demo(demo: Database) -> None:
    house = House(demo, now=NOW)
    data = await house.ask("{ sources { name } agents(first: 3) { totalCount } calls(first: 5) { totalCount } }")
    assert data["agents"]["totalCount"] == 9
    assert data["calls"]["totalCount"] == 900


def test_other_moments_and_sizes_have_as_many_calls_as_asked_for() -> None:
    for moment in (NOW, NOW + timedelta(days=3, hours=11), datetime(2025, 11, 2, 7, 30, tzinfo=UTC)):
        for size in (SMALL, LIVELY):
            found = conversations(moment, size)
            assert len(found) == size.calls
            assert found[0].started_at >= moment - timedelta(days=size.days)


def test_the_past_does_not_depend_on_when_it_is_looked_at() -> None:
    yesterday = conversations(NOW - timedelta(days=1), SMALL)
    today = conversations(NOW, SMALL)
    assert [call for call in today if call.ended_at <= NOW - timedelta(days=1)] == yesterday[-_overlap(today) :]


def _overlap(today: Iterable[Conversation]) -> int:
    return sum(call.ended_at <= NOW - timedelta(days=1) for call in today)


@pytest.mark.parametrize(("office", "days_off"), [(KATHMANDU, {5}), (SALES, {5, 6}), (HOTLINE, {5, 6})])
def test_days_off_and_nights_are_quiet(lively: list[Conversation], office: Office, days_off: set[int]) -> None:
    starts = [call.local(call.started_at) for call in lively if call.office is office]
    days = Counter(start.weekday() for start in starts)
    work = [count for day, count in days.items() if day not in days_off]
    free = [days[day] for day in days_off]
    assert sum(work) / len(work) > 3 * sum(free) / len(free)
    hours = Counter(start.hour for start in starts)
    assert sum(hours[hour] for hour in (22, 23, 0, 1, 2, 3, 4, 5)) < len(starts) * 0.02
    assert min(hours[hour] for hour in (12, 13)) < 0.7 * max(hours.values())  # lunch


def test_some_missed_calls_are_returned_within_hours_and_some_never(lively: list[Conversation]) -> None:
    by_contact = defaultdict(list)
    for call in lively:
        by_contact[call.contact, call.office].append(call)
    missed = [call for call in lively if call.inbound and not call.answered and call.contact]
    after = timedelta(hours=8)
    returned = [
        call
        for call in missed
        if any(
            call.ended_at <= later.started_at <= call.ended_at + after and not later.inbound
            for later in by_contact[call.contact, call.office]
        )
    ]
    assert 0.08 < len(missed) / sum(call.inbound for call in lively) < 0.3
    assert 0.4 < len(returned) / len(missed) < 0.9


def test_few_contacts_make_most_of_the_calls(lively: list[Conversation]) -> None:
    often = [count for _, count in Counter(call.contact for call in lively if call.contact).most_common()]
    assert len(often) == LIVELY.contacts
    assert sum(often[: len(often) // 5]) > 0.45 * sum(often)


def test_talks_are_as_long_as_talks_are(lively: list[Conversation]) -> None:
    talks = sorted(call.talk_seconds for call in lively if call.answered)
    assert 90 < talks[len(talks) // 2] < 180
    assert talks[-1] > 5 * talks[len(talks) // 2]
    assert all(call.talk_seconds == 0 for call in lively if not call.answered)


def test_numbers_on_the_shelf_of_examples_are_the_company_s() -> None:
    (shelf,) = (json.loads(one.variables)["numbers"] for one in examples() if "callCounts" in one.query)
    known = {contact.e164 for team in teams(FULL) for contact in team.home}
    assert [number in known for number in shelf] == [True, True, False]  # the last shows that a zero is answered, too


def test_american_numbers_are_those_reserved_for_fiction() -> None:
    numbers = [contact.number for team in teams(Size()) for contact in team.home if contact.country == "US"]
    assert len(set(numbers)) == len(numbers) > 100
    assert all(number[3:8] == "55501" and len(number) == 10 for number in numbers)
