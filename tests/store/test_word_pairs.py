"""Two words of a contact are kept side by side, so that a full name is found by those who have all of it."""

import random
import re
from dataclasses import replace
from datetime import timedelta
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.filters import CallFilter, CallOrder
from app.domain.pages import Window
from app.domain.scope import Right, Scope
from app.store import pace
from app.store.filters import predicate_of
from app.store.findable import MOST_PAIRED, pairs_of
from app.store.finding import attempts, further
from app.store.lists import of_list
from app.store.mentions import hide
from app.store.owners import contacts_with_both, counted
from app.store.removal import remove_contacts
from app.store.said import Place, Said, seen_of
from app.store.search import needs_of
from app.store.slots import prepared
from app.store.tables import calls
from app.store.way import ALONG, FAR_ALONG, GATHERED
from tests.builders import a_call, a_number, an_agent, save
from tests.conftest import NOW, SCOPE, House
from tests.store.people import rows
from tests.store.test_finding import DOWN, UP, walked

FIRST, LAST = ("asha", "ashan", "kiran", "om"), ("rai", "thapa", "tha", "asha")
MANY = " ".join(f"word{n}" for n in range(MOST_PAIRED + 1))
TEXTS = (
    *("asha rai", "rai asha", "kir tha", "as ra", "asha ashan", "tha thapa", "om thapa", "asha pokhara"),
    *("pokhara box", "word1 word9", "word1 asha", "asha leak", "kiran rai leak", "asha thapa om", "nobody asha"),
    *("wichita rai", "om 555", "asha +1316555"),
)
# Of which contact and agent may have some each.
SHARED = (
    *("om rai", "kiran bo", "cy om", "kiran om rai", "bo om rai", "kiran rai om pokhara", "om rai cy bo kiran"),
    *("ashan cy rai", "asha rai kiran", "thapa bo kiran rai", "wichita om pokhara"),
)
BLIND = replace(SCOPE, rights=SCOPE.rights - {Right.INSIGHTS_READ})


def contact(n: int) -> ContactRecord:
    """Whose words come in every combination, some known by the profile alone, and some too many to be paired."""
    dice = random.Random(n)
    name = " ".join([dice.choice(FIRST), *dice.sample(LAST, dice.randrange(3))])
    profile = ContactProfile(company=dice.choice(("Tin Box", "Rai Traders", None)), city=dice.choice(("Pokhara", None)))
    return ContactRecord(
        name=f"{name} {MANY}" if n % 7 == 0 else name,
        email=dice.choice((None, "kiran@example.com")),
        profile=dice.choice((profile, None)),
    )


async def fill(house: House, are_named: bool = True) -> None:
    """Contacts of all kinds, and others who have their words: agents, and calls in their notes.

    Without `are_named` contacts are known by themselves: then nothing is said of a call itself.
    """
    numbers = [f"+1316555{n:04}" for n in range(60)]
    people = [replace(contact(n), numbers=(a_number(number),)) for n, number in enumerate(numbers) if n % 5]
    await save(
        house,
        *([] if are_named else people),
        *[
            a_call(
                f"c{n:02}",
                started_at=NOW + timedelta(days=n // 2),
                phone_number=number,
                contact=contact(n) if are_named and n % 5 else None,
                agent=an_agent(("Asha Rai", "Om", "Bo Thapa", "Cy Wichita")[n % 4]) if n % 3 else None,
                notes=("A leak at Thapa", None, "Asha said so")[n % 3] if are_named else None,
            )
            for n, number in enumerate(numbers)
        ],
    )


async def said_of(house: House, text: str, scope: Scope) -> Said:
    """What is seen of a text's words."""
    needs = needs_of(text)
    async with house.database.read() as connection:
        return seen_of(needs, iter((await connection.execute(counted(scope, needs))).one()))


async def pairs(house: House) -> set[tuple[str, str, str]]:
    """All that is kept."""
    return {(row["first"], row["second"], row["owner_kind"]) for row in await rows(house, "word_pairs")}


async def test_each_two_words_of_a_contact_are_a_pair_of_those_who_may_find_it_by_both(house: House) -> None:
    profile = ContactProfile(company="Rai Box", city=None)
    await save(house, a_call(contact=ContactRecord(name="Kiran Rai", profile=profile)))
    assert await pairs(house) == {("kiran", "rai", "CONTACT"), ("box", "kiran", "PROFILE"), ("box", "rai", "PROFILE")}


async def test_pairs_of_a_new_name_take_the_place_of_the_old_ones(house: House) -> None:
    await save(house, a_call("one", contact=ContactRecord(name="Kiran Rai")))
    later = NOW + timedelta(days=1)
    await save(house, a_call("two", contact=ContactRecord(name="Kiran Thapa"), started_at=later))
    assert await pairs(house) == {("kiran", "thapa", "CONTACT")}


async def test_pairs_go_with_their_contact(house: House) -> None:
    await save(house, a_call("one", contact=ContactRecord(name="Kiran Rai")))
    async with house.database.write() as connection:
        await connection.execute(delete(calls))
    contacts = [row["id"] for row in await rows(house, "contacts")]
    async with house.database.write() as connection:
        await remove_contacts(connection, house.scope, contacts)
    assert await pairs(house) == set()


async def test_number_that_is_hidden_is_in_no_pair_any_more(house: House) -> None:
    await save(house, a_call(contact=ContactRecord(name="Kiran 9812345678 home"), phone_number="+13165550100"))
    assert ("9812345678", "home", "CONTACT") in await pairs(house)
    await hide(house.database, house.scope, ["+9779812345678"])
    assert await pairs(house) == {("home", "kiran", "CONTACT")}


def test_of_more_words_than_are_paired_it_is_known_that_they_are() -> None:
    few, many = ({f"w{n:02}" for n in range(MOST_PAIRED + more)} for more in (0, 1))
    assert len(list(pairs_of(few, set()))) == MOST_PAIRED * (MOST_PAIRED - 1) // 2
    assert list(pairs_of(many, set())) == list(pairs_of(few, many)) == [("", "", "CONTACT")]


@given(st.sets(st.text(min_size=1)), st.sets(st.text(min_size=1)))
def test_pairs_are_sorted_and_need_the_right_of_the_word_that_needs_most(named: set[str], placed: set[str]) -> None:
    for first, second, kind in pairs_of(named, placed) if len(named | placed) <= MOST_PAIRED else ():
        assert first.encode("utf-8", "surrogatepass") < second.encode("utf-8", "surrogatepass")
        assert (kind == "CONTACT") == ({first, second} <= named)


@pytest.mark.parametrize("scope", [SCOPE, BLIND])
async def test_who_has_both_words_is_who_has_each(house: House, scope: Scope) -> None:
    await fill(house)
    words = [(row["owner_id"], row["word"]) for row in await rows(house, "words") if row["owner_kind"] in _kinds(scope)]
    found = 0
    for one, other in (("asha", "rai"), ("thapa", "k"), ("r", "as"), ("pok", "kiran"), ("word1", "om"), ("box", "tin")):
        each = [{owner for owner, word in words if word.startswith(term)} for term in (one, other)]
        async with house.database.read() as connection:
            both = set((await connection.execute(contacts_with_both(scope, one, other))).scalars())
        assert both == each[0] & each[1], (one, other)
        found += len(both)
    assert found > 10


def _kinds(scope: Scope) -> set[str]:
    return {"CONTACT", "PROFILE"} if scope.may(Right.INSIGHTS_READ) else {"CONTACT"}


@pytest.mark.parametrize("are_named", [True, False])
@pytest.mark.parametrize("scope", [SCOPE, BLIND])
async def test_the_same_calls_are_found_by_pairs(
    house: House, monkeypatch: pytest.MonkeyPatch, scope: Scope, are_named: bool
) -> None:
    await fill(house, are_named)
    plain = {text: await _found(house, scope, text) for text in (*TEXTS, *SHARED)}
    monkeypatch.setattr(Place.CONTACT, "most", 1)
    paired, shared = 0, set[str]()
    for text, way in product((*TEXTS, *SHARED), (ALONG, FAR_ALONG, GATHERED)):
        seen = await said_of(house, text, scope)
        paired += seen.beside is not None
        shared |= {text} if seen.shared else set()
        for said in (seen, replace(seen, known=tuple((term, frozenset()) for term, _ in seen.places))):
            its = predicate_of(scope, CallFilter(search=text), replace(way, said=said))
            async with house.database.read() as connection:
                found = set((await connection.execute(select(calls.c.id).where(its))).scalars())
            assert found == plain[text], (text, way, said)
    assert len(shared) > 10
    assert paired > 20
    assert sum(map(bool, plain.values())) > 10


async def _found(house: House, scope: Scope, text: str) -> set[str]:
    async with house.database.read() as connection:
        its = predicate_of(scope, CallFilter(search=text))
        return set((await connection.execute(select(calls.c.id).where(its))).scalars())


@pytest.mark.parametrize("are_named", [True, False])
@pytest.mark.parametrize("first", [0, 6, 100])
async def test_list_of_a_full_name_is_whole_however_far_is_looked_at_first(
    house: House, monkeypatch: pytest.MonkeyPatch, first: int, are_named: bool
) -> None:
    for name in ("SEARCHED", "SEARCHED_FOR_SEVERAL", "TOGETHER"):
        monkeypatch.setattr(pace, name, first)
    monkeypatch.setattr(Place.CONTACT, "most", 1)
    monkeypatch.setattr("app.store.finding._SELDOM", 0)
    monkeypatch.setattr("app.store.said._MANY", 0)
    await fill(house, are_named)
    ids = {row["id"]: row["provider_call_id"] for row in await rows(house, "calls")}
    texts = (*TEXTS[:3], "kiran rai leak", "asha thapa om", *SHARED)
    wanted = {text: {ids[id] for id in await _found(house, house.scope, text)} for text in texts}
    for order, backward, text in product((DOWN, UP), (False, True), texts):
        found = await walked(house, CallFilter(search=text), order, backward, size=7)
        assert sorted(found) == sorted(wanted[text]), text
        at = [int(key[1:]) // 2 for key in found]
        assert at == sorted(at, reverse=(order is DOWN) != backward)


COMMON, FEW, NOBODY, AGENTS = (0, 0, 500, 0, 0, 0), (0, 0, 30, 0, 0, 0), (0,) * 6, (0, 9, 500, 0, 0, 0)
TWO_AGENTS, CALLS, MANY_CALLS, UNIT = (
    (0, 2, 500, 0, 0, 0),
    (9, 0, 500, 0, 0, 0),
    (2_000, 0, 500, 0, 0, 0),
    (0, 0, 500, 1, 0, 0),
)


@pytest.mark.parametrize(
    ("text", "counts", "beside", "shared"),
    [
        ("asha rai", (COMMON, COMMON), 1, (0, 1)),
        ("asha rai", (AGENTS, COMMON), 0, ()),  # the rarer one first
        ("asha rai", (COMMON, AGENTS), 1, ()),
        ("asha rai", (COMMON, TWO_AGENTS), 1, (0, 1)),
        ("asha rai", (TWO_AGENTS, CALLS), 0, (1, 0)),
        ("asha rai", (COMMON, MANY_CALLS), 1, ()),
        ("asha rai", (COMMON, UNIT), 1, ()),
        ("asha rai", (FEW, COMMON), None, ()),  # found by the few
        ("asha rai", (NOBODY, COMMON), None, ()),
        ("ash asha", (COMMON, COMMON), None, ()),  # one word may be both
        ("ash asha rai", (COMMON, COMMON, COMMON), 2, (0, 2)),
        ("asha kiran rai", (AGENTS, AGENTS, COMMON), 0, (2, 0, 1)),
        ("asha kiran rai", (COMMON, UNIT, COMMON), 2, (0, 2)),
        ("asha kiran om rai", (COMMON, COMMON, AGENTS, COMMON), 1, (0, 1, 3)),
        ("asha", (COMMON,), None, ()),
    ],
)
def test_words_that_many_contacts_have_are_looked_for_together(
    text: str, counts: tuple[tuple[int, ...], ...], beside: int | None, shared: tuple[int, ...]
) -> None:
    seen = seen_of(needs_of(text), chain.from_iterable(counts))
    assert (seen.beside, seen.shared) == (beside, shared)


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (0, [8, 40, None]),
        (1, [8, 40, None]),
        (9, [8, 40, None]),
        (10, [15_000, 8, 40, None]),
        (40, [5_000, 8, 40, None]),
    ],
)
def test_calls_of_people_who_have_two_words_are_gathered_soon(found: int, tried: list[int | None]) -> None:
    seen = replace(seen_of(needs_of("asha rai"), chain.from_iterable((COMMON, COMMON))), together=True)
    given = CallFilter(search="asha rai")
    first, *_ = attempts(SCOPE, given, CallOrder(), seen)
    assert first.near == pace.SEARCHED
    on = further(SCOPE, given, found, 50, seen)
    assert [one.near or one.days for one in on] == tried
    assert [one.way.gathers for one in on] == [far in (8, 40, None) for far in tried]


async def plan_of(house: House, seen: Said, text: str, days: int | None) -> list[str]:
    """What SQLite does to gather the calls of so many days."""
    given = CallFilter(search=text)
    gathering = next(one for one in further(SCOPE, given, 0, 50, seen) if one.days == days).knowing(seen)
    asked = of_list(house.scope, select(calls.c.id, calls.c.notes), "calls", given, DOWN, Window(50), gathering)
    ready = prepared(asked, house.database.dialect)
    async with house.database.read() as connection:
        explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {ready.text}", ready.values((), (), NOW))
        return [row[-1] for row in explained]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("days", [None, 8])
async def test_calls_of_a_full_name_are_read_along_the_index_of_those_who_have_it(
    house: House, days: int | None
) -> None:
    seen = seen_of(needs_of("asha rai"), chain.from_iterable((COMMON, COMMON)))
    plan = "\n".join(await plan_of(house, seen, "asha rai", days))
    bound = " AND started_at>" if days else ""
    assert f"ix_calls_workspace_id_contact_id_started_at_id (workspace_id=? AND contact_id=?{bound}" in plan
    assert re.findall(r"words (?:.*)\(workspace_id=\? AND (\w+)=", plan) == ["owner_id"] * 2  # of those without pairs


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "counts"), [("asha rai", (TWO_AGENTS, CALLS)), ("asha kiran rai", (AGENTS, COMMON, CALLS))]
)
async def test_calls_of_names_that_contact_and_agent_have_between_them_are_read_along_the_index_of_each(
    house: House, text: str, counts: tuple[tuple[int, ...], ...]
) -> None:
    seen = seen_of(needs_of(text), chain.from_iterable(counts))
    steps = [step for step in await plan_of(house, seen, text, None) if re.match("(SEARCH|SCAN) calls", step)]
    assert [re.findall(r"(\w+)=", step)[-1] for step in steps] == ["id", "contact_id", "agent_id"]


async def test_full_name_is_found_in_few_statements(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Place.CONTACT, "most", 3)
    monkeypatch.setattr(pace, "SEARCHED", 1)
    monkeypatch.setattr(pace, "SEARCHED_FOR_SEVERAL", 1)
    names = [ContactRecord(name=("Asha Rai", "Kiran Thapa")[n % 2]) for n in range(20)]
    await save(house, *[a_call(f"c{n}", contact=one, phone_number=f"+1316555{n:04}") for n, one in enumerate(names)])
    for text, number in (("asha rai", 10), ("asha thapa", 0)):
        async with house.statements() as statements:
            told = await house.ask(f'{{ calls(filter: {{search: "{text}"}}) {{ nodes {{ id }} }} }}')
        assert len(told["calls"]["nodes"]) == number
        assert len(statements) <= 5  # who has the words, a look, some days, more, and all of them
