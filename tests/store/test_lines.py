"""Digits are found in every number of a call, though beside its phone number only the lines that have them are looked for."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.calls import CallRecord
from app.domain.filters import CallFilter
from app.store import pace
from app.store.filters import predicate_of
from app.store.migrate import migrate
from app.store.removal import remove_calls
from app.store.said import Place, Said, seen_of
from app.store.search import needs_of
from app.store.tables import calls
from app.store.way import ALONG, FAR_ALONG, GATHERED
from tests.builders import a_call, save
from tests.conftest import NOW, House
from tests.store.people import rows
from tests.store.test_finding import DOWN, UP, walked
from tests.store.test_migrate import downgrade, run
from tests.store.test_said import said_of

ROLES = ("phone_number", "caller_number", "dialed_number", "destination_number")
# Each of a person, which is only ever a call's phone number, and where it came from.
PEOPLE = ("+13167770104", "+13167770105")
NUMBERS = ("+13165550101", "+13165550102", "+13168880103", "+13168885550", None)


def calls_with(numbers: list[tuple[str | None, ...]]) -> list[CallRecord]:
    """Calls with these numbers, in the order of the roles."""
    return [
        a_call(f"c{n:02}", started_at=NOW + timedelta(minutes=n // 3), **dict(zip(ROLES, some, strict=True)))
        for n, some in enumerate(numbers)
    ]


def at_random(count: int) -> list[tuple[str | None, ...]]:
    """Numbers in any role; every other call is with one of people whose number is a line in none."""
    dice = random.Random(11)
    return [
        (dice.choice(NUMBERS), *(dice.choice(NUMBERS) for _ in range(3)))
        if at % 2
        else (person := dice.choice(PEOPLE), person, dice.choice(NUMBERS), None)
        for at in range(count)
    ]


async def lines(house: House) -> set[str]:
    """The numbers that are known to stand beside a phone number."""
    return {row["number"] for row in await rows(house, "line_suffixes")}


async def found(house: House, digits: str, **said: Any) -> set[str]:
    """The calls that a search finds, each way that it may be looked for."""
    each = set()
    async with house.database.read() as connection:
        for way in (ALONG, FAR_ALONG, GATHERED):
            its = predicate_of(house.scope, CallFilter(search=digits), replace(way, **said))
            each.add(frozenset((await connection.execute(select(calls.c.provider_call_id).where(its))).scalars()))
    (told,) = each  # all ways find the same
    return {*told}


@pytest.mark.parametrize("near", [0, 3, 100])
async def test_digits_are_found_in_whichever_of_its_numbers_a_call_has_them(
    house: House, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    monkeypatch.setattr(pace, "OF_INDEX", near)
    numbers = at_random(60)
    await save(house, *calls_with(numbers))
    for digits in ("5550101", "5550", "555", "888", "8885550", "1316", "7770104", "777", "999"):
        having = {f"c{n:02}" for n, some in enumerate(numbers) if any(digits in (one or "") for one in some)}
        seen = await said_of(house, digits)
        assert seen.is_only_of(Place.NUMBER) is digits.startswith("777")
        for said in (None, seen):
            assert await found(house, digits, said=said) == having, (digits, said)
        for order, backward in product((DOWN, UP), (False, True)):
            assert sorted(await walked(house, CallFilter(search=digits), order, backward, size=7)) == sorted(having)


async def test_lines_are_the_numbers_of_calls_with_another_phone_number(house: House) -> None:
    a, b, c, d, _ = NUMBERS
    await save(house, *calls_with([(a, a, None, None), (b, b, c, None), (None, None, d, None)]))
    assert await lines(house) == {c, d}


async def test_number_becomes_a_line_once_its_call_is_told_with_another_phone_number(house: House) -> None:
    a, b, *_ = NUMBERS
    await save(house, *calls_with([(a, a, None, None)]))
    assert await lines(house) == set()
    await save(house, *calls_with([(b, a, None, None)]))
    assert await lines(house) == {a}
    assert await found(house, "5550101", said=await said_of(house, "5550101")) == {"c00"}


async def test_lines_that_no_call_is_left_of_are_forgotten(house: House) -> None:
    a, b, c, *_ = NUMBERS
    await save(house, *calls_with([(a, a, b, None), (a, a, c, None)]))
    kept, gone = sorted(row["id"] for row in await rows(house, "calls"))
    async with house.database.write() as connection:
        await remove_calls(connection, house.scope, [gone])
    assert len(await lines(house)) == 1
    async with house.database.write() as connection:
        await remove_calls(connection, house.scope, [kept])
    assert await lines(house) == set()


async def test_lines_of_an_older_store_are_found_in_its_calls(house: House) -> None:
    await save(house, *calls_with(at_random(30)))
    before = await rows(house, "line_suffixes")
    assert 0 < len({row["number"] for row in before}) == len(await lines(house))
    await run(house.database, lambda connection: downgrade(connection, "0014"))
    await migrate(house.database)
    key = "suffix", "number"
    assert sorted(tuple(row[k] for k in key) for row in await rows(house, "line_suffixes")) == sorted(
        tuple(row[k] for k in key) for row in before
    )


def test_digits_of_peoples_numbers_alone_are_known_as_such() -> None:
    def seen(text: str, *counts: tuple[int, ...]) -> Said:
        return seen_of(needs_of(text), (count for some in counts for count in some))

    assert seen("00123", (0, 0, 0, 0, 1_113, 0)).is_only_of(Place.NUMBER)
    assert not seen("00123", (0, 0, 0, 0, 1_113, 1)).is_only_of(Place.NUMBER)  # every call may have a line
    assert not seen("00123", (0, 0, 0, 0, Place.NUMBER.most, 0)).is_only_of(
        Place.NUMBER
    )  # there may be any number of them
    assert not seen("00123", (1, 0, 0, 0, 3, 0)).is_only_of(Place.NUMBER)
    assert not seen("00123 asha", (0, 0, 0, 0, 3, 0), (0, 1, 0, 0, 0, 0)).is_only_of(Place.NUMBER)
    assert not seen("nobody", (0, 0, 0, 0, 0, 0)).is_only_of(Place.NUMBER)
