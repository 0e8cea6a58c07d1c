"""A page of calls with digits in common is whole, however many numbers have them and wherever their calls lie."""

import dataclasses
import random
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from app.domain.calls import CallRecord
from app.domain.filters import CallFilter, DateTimeRange, NumberMatch, TypedNumber
from app.domain.pages import Window
from app.domain.scope import Right
from app.domain.times import to_ms
from app.store import finding, newest, pace, pages
from app.store.finding import _GATHERING, attempts
from tests.builders import a_call, save
from tests.conftest import NOW, SCOPE, House
from tests.store.test_finding import DOWN, UP, found, looked_at, walked

DIGITS = "5550"
BY_DIGITS = [
    CallFilter(phone_number=NumberMatch(contains=TypedNumber(DIGITS))),
    CallFilter(caller_number=NumberMatch(starts_with=TypedNumber("1212 5550"))),
    CallFilter(phone_number=NumberMatch(ends_with=TypedNumber("2345"))),
    CallFilter(search="55501"),
    CallFilter(search="212-5550"),
]


def calls_of(numbers: int, each: int, chance: random.Random) -> list[CallRecord]:
    """Calls of so many numbers, many at the very same moment, the last few of a number of another kind."""
    texts = [f"+1212555{n:02}{45 if n % 2 else 46}" for n in range(numbers)] + ["+13168325555"]
    return [
        a_call(
            f"c{n:03}", phone_number=text, caller_number=text, started_at=NOW + timedelta(minutes=chance.randrange(9))
        )
        for n, text in enumerate(texts * each)
    ]


@pytest.mark.parametrize("given", BY_DIGITS, ids=["contains", "startsWith", "endsWith", "search", "written"])
@pytest.mark.parametrize(("numbers", "each"), [(30, 1), (12, 3), (3, 9), (1, 20)])
async def test_list_of_calls_with_some_digits_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, given: CallFilter, numbers: int, each: int
) -> None:
    monkeypatch.setattr(pace, "OF_INDEX", 0)  # each page is gathered
    monkeypatch.setattr(newest, "_PAGES", 2)
    await save(house, *calls_of(numbers, each, random.Random(7)))
    ranged = CallFilter(
        **{name: getattr(given, name) for name in ("phone_number", "caller_number", "search")},
        started_at=DateTimeRange(from_=NOW + timedelta(minutes=2), to=NOW + timedelta(minutes=6)),
    )
    for one, order, backward in product((given, ranged), (DOWN, UP), (False, True)):
        plain = await found(house, one, order, Window(500, backward=backward), finding.PAGE)
        for size in (1, 7):
            gathered = await found(house, one, order, Window(size, backward=backward), _GATHERING)
            assert gathered == plain[: size + 1]
        if one is given and not backward:
            assert len(await walked(house, one, order, backward, size=5)) == len(plain)


@pytest.mark.parametrize(("most", "few"), [(9, False), (10, True)])
async def test_calls_of_few_numbers_are_gathered_before_many_more_are_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch, most: int, few: bool
) -> None:
    monkeypatch.setattr(pace, "OF_INDEX", 4)
    monkeypatch.setattr(finding, "_SOON", 0)
    monkeypatch.setattr(newest, "FEW", most)
    await save(house, *calls_of(12, 3, random.Random(5)))
    for digits in (BY_DIGITS[0], CallFilter(phone_number=NumberMatch(starts_with=TypedNumber("12125550")))):
        assert len(await walked(house, digits, DOWN, False)) == 30  # of ten numbers
        async with house.statements() as statements, house.database.read() as connection:
            await pages.page(connection, house.scope, "calls", {"id"}, digits, DOWN, Window(20))
        first, counted, last = statements
        assert looked_at(first) == 4
        assert "count(" in counted
        assert (looked_at(last) == 1_000) is not few


@pytest.mark.parametrize(
    ("number", "digits", "few"),
    [
        ("+12025550133", {"contains": "55"}, True),  # found by two of its endings
        ("+12025550133", {"starts_with": "1202"}, True),
        ("+12025550133", {"ends_with": "33"}, True),
        ("+12000000033", {"contains": "0"}, False),  # found by seven
    ],
)
async def test_a_number_that_is_found_by_several_of_its_endings_is_one(
    house: House, monkeypatch: pytest.MonkeyPatch, number: str, digits: dict[str, str], few: bool
) -> None:
    monkeypatch.setattr(newest, "FEW", 1)
    await save(house, *[a_call(f"c{n}", phone_number=number) for n in range(9)])
    match = NumberMatch(**{name: TypedNumber(text) for name, text in digits.items()})
    async with house.database.read() as connection:
        asked = newest.few_numbers(house.scope, CallFilter(phone_number=match))
        assert (await connection.execute(asked)).scalar_one() == few


async def test_page_of_numbers_that_are_found_by_several_of_their_endings_is_whole(house: House) -> None:
    numbers = {"+12000000033": 0, "+12000000044": 50}
    await save(
        house,
        *[
            a_call(f"{number}-{n}", phone_number=number, started_at=NOW - timedelta(minutes=since + n))
            for number, since in numbers.items()
            for n in range(3)
        ],
    )
    zeros = CallFilter(phone_number=NumberMatch(contains=TypedNumber("000")))
    gathered, plain = [await found(house, zeros, DOWN, Window(3), one) for one in (_GATHERING, finding.PAGE)]
    assert len(gathered) == 4
    assert gathered == plain


@pytest.mark.parametrize(("given", "first"), [(BY_DIGITS[0], 0), (BY_DIGITS[0], 20), (CallFilter(search=DIGITS), 0)])
async def test_page_ends_at_the_newest_call_of_one_of_enough_numbers(
    house: House, given: CallFilter, first: int
) -> None:
    made = calls_of(30, 3, random.Random(3))
    await save(house, *made)
    begun = NOW + timedelta(minutes=8, milliseconds=-first)
    ranged = dataclasses.replace(given, started_at=DateTimeRange(to=begun))
    newest_of: dict[str, int] = {}
    for one in made:
        assert one.phone_number
        key, at = str(one.phone_number.key), to_ms(one.started_at)
        if DIGITS in key and at < to_ms(begun):
            newest_of[key] = max(at, newest_of.get(key, 0))
    place = newest.last_of_numbers(house.scope, ranged, DOWN, Window(3))
    assert place is not None
    async with house.database.read() as connection:
        told = (await connection.execute(select(place))).scalar_one()
    assert told == sorted(newest_of.values(), reverse=True)[3]


def test_digits_are_gathered_soon() -> None:
    near = [one.near for one in attempts(SCOPE, BY_DIGITS[0], DOWN)]
    assert (near[0], near[-2:]) == (pace.OF_INDEX, [2 * pace.READ_OF_INDEX, None])


@pytest.mark.parametrize(("digits", "rights"), [("12", None), ("4711", {Right.CALLS_READ, Right.NOTES_READ})])
async def test_digits_by_which_no_number_is_looked_for_are_words(
    house: House, monkeypatch: pytest.MonkeyPatch, digits: str, rights: set[Right] | None
) -> None:
    monkeypatch.setattr(pace, "SEARCHED", 6)
    monkeypatch.setattr(finding, "_SOON", 5)
    monkeypatch.setattr("app.store.said._FEW", 0)
    scope = dataclasses.replace(house.scope, rights=frozenset(rights)) if rights else house.scope
    noted = [f"room {digits}" if n % 3 == 0 else None for n in range(30)]
    await save(
        house, *[a_call(f"c{n}", started_at=NOW + timedelta(minutes=n), notes=said) for n, said in enumerate(noted)]
    )
    assert len(await walked(dataclasses.replace(house, scope=scope), CallFilter(search=digits), DOWN, False)) == 10
