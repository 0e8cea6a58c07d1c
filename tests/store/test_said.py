"""Who has a search's words is looked at first; whatever is known of it then, the same calls are found."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations, product

import pytest
from sqlalchemy import select

from app.domain.calls import CallOutcome
from app.domain.contacts import ContactRecord
from app.domain.filters import CallFilter, CallOrder, DateTimeRange
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.domain.pages import Window
from app.domain.scope import Reach, Scope
from app.engine.surprise import Surprise
from app.store import pace, pages
from app.store.filters import predicate_of
from app.store.finding import attempts, further
from app.store.lists import of_list
from app.store.owners import counted
from app.store.pace import TOGETHER
from app.store.said import Place, Said, by_nobody, seen_of
from app.store.search import needs_of
from app.store.slots import prepared
from app.store.tables import calls
from app.store.way import ALONG, FAR_ALONG, GATHERED
from app.store.weight import MOST, Allowance
from tests.builders import a_call, an_agent, save
from tests.conftest import NOW, SCOPE, House, compiled_answer
from tests.store.people import rows
from tests.store.test_finding import DOWN, UP, looked_at, walked

TEXTS = (
    *("leak", "ada", "lea", "wichita", "555", "1316", "nobody", "316-832-5555", "2024-05", "ada leak", "leak sink ada"),
    *("ada nobody", "ada 555", "leak 316-832-5555 ada", "wichita 2024-05", ""),
)


async def fill(house: House) -> None:
    """Words of calls, agents, contacts and units, each of which others have, too; and numbers."""
    wichita = OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="7", name="Wichita 2024")
    made = [
        a_call(
            f"c{n:02}",
            started_at=NOW + timedelta(minutes=n // 2),
            agent=an_agent(("Ada Leaman", "Bo", "Cy Wichita")[n % 3]),
            contact=ContactRecord(name=("Ada", "Zoë Leak", None, "Sink 2024-05")[n % 4]),
            phone_number=f"+1316{(8325555, 5550100, 5550101, 5550102)[n % 4]}",
            notes=("A leaking sink", None, "Ada said so", None, "05")[n % 5],
            org_units=(wichita,) if n % 7 == 0 else (),
        )
        for n in range(40)
    ]
    await save(house, *made)


async def said_of(house: House, text: str, scope: Scope | None = None) -> Said:
    needs = needs_of(text)
    async with house.database.read() as connection:
        return seen_of(needs, iter((await connection.execute(counted(scope or house.scope, needs))).one()))


async def test_the_same_calls_are_found_whatever_is_known(house: House) -> None:
    await fill(house)
    async with house.database.read() as connection:
        for text in filter(None, TEXTS):
            needs, seen = needs_of(text), await said_of(house, text)
            every = tuple((term, frozenset(Place)) for term, _ in seen.places)
            knowing = [
                None,
                seen,
                *[replace(seen, by=by) for by in range(len(needs))],
                replace(seen, known=tuple((term, frozenset()) for term, _ in seen.places)),
                replace(seen, places=every, known=every),
            ]
            ids = set()
            for said, way in product(knowing, (ALONG, FAR_ALONG, GATHERED)):
                its = predicate_of(house.scope, CallFilter(search=text), replace(way, said=said))
                found = await connection.execute(select(calls.c.id).where(its))
                ids.add(frozenset(found.scalars()))
            any_way = await connection.execute(
                select(calls.c.id).where(predicate_of(house.scope, CallFilter(search=text)))
            )
            assert ids == {frozenset(any_way.scalars())}, text


@pytest.mark.parametrize(("few", "many"), [(0, 0), (0, 10_000), (10_000, 10_000), (200, 300)])
async def test_list_is_whole_whichever_way_a_search_takes(
    house: House, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr("app.store.said._FEW", few)
    monkeypatch.setattr("app.store.said._MANY", many)
    for name in ("SEARCHED", "TOGETHER"):
        monkeypatch.setattr(pace, name, 6)
    await fill(house)
    every = [f"c{n:02}" for n in range(40)]
    leaking, adas = set(every[::5]) | set(every[1::4]), set(every[::3]) | set(every[::4]) | set(every[2::5])
    for order, backward in product((DOWN, UP), (False, True)):
        downwards = (order is DOWN) != backward
        for text, wanted in (("leak", leaking), ("leak ada", leaking & adas), ("ada nobody", set()), ("", set())):
            found = await walked(house, CallFilter(search=text), order, backward)
            assert sorted(found) == sorted(wanted), text
            at = [int(key[1:]) // 2 for key in found]
            assert at == sorted(at, reverse=downwards)


async def test_a_rare_word_is_gathered_by_whichever_else_stands_beside_it(house: House) -> None:
    await fill(house)
    await save(house, a_call("rare", notes="Ada leaking zebra", agent=an_agent("Ada Leaman")))
    assert needs_of("leak zebra ada")[(await said_of(house, "leak zebra ada")).by] == (("zebra",),)
    for text, sent in (("zebra leak ada", 2), ("nobody leak", 2), ("zebra", 2)):
        async with house.statements() as statements:
            told = await house.ask(f'{{ calls(filter: {{search: "{text}"}}) {{ nodes {{ providerCallId }} }} }}')
        assert [one["providerCallId"] for one in told["calls"]["nodes"]] == ([] if "nobody" in text else ["rare"])
        assert len(statements) == sent


async def test_word_that_is_said_elsewhere_since_is_found_there_by_the_same_query(house: House) -> None:
    unit = OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="7", name="Zebra")
    later = [
        a_call("call", notes="zebra"),
        a_call("contact", contact=ContactRecord(name="Zebra"), phone_number="+13165550111"),
        a_call("agent", agent=an_agent("Zebra")),
        a_call("unit", org_units=(unit,)),
        a_call("number", phone_number="+13165550122"),
    ]
    for text in ("zebra", "550122"):
        asked = f'{{ calls(filter: {{search: "{text}"}}) {{ nodes {{ providerCallId }} }} }}'
        assert (await house.ask(asked))["calls"]["nodes"] == []
    found = set()
    for one in later:
        await save(house, one)
        told = [await house.ask(asked.replace("550122", text)) for text in ("zebra", "550122")]
        found = {call["providerCallId"] for every in told for call in every["calls"]["nodes"]}
        assert one.provider_call_id in found
    assert found == {one.provider_call_id for one in later}


async def test_what_a_viewer_may_not_read_is_not_counted(house: House) -> None:
    await fill(house)
    assert Place.CALL in dict((await said_of(house, "said")).places)["said"]
    blind = replace(house.scope, rights=frozenset())
    seen = await said_of(house, "said 555", blind)
    assert dict(seen.places)["said"] == frozenset()
    assert dict(seen.places)["555"] == frozenset()


def test_what_is_known_has_a_name_of_its_own() -> None:
    """Statements are kept by it."""
    some = [frozenset(one) for one in chain.from_iterable(combinations(Place, n) for n in range(len(Place) + 1))]
    names = {
        Said((("a", one), ("b", other)), (("a", one - less), ("b", frozenset())), by, 1, True).name
        for one, other, less, by in product(some, some, (frozenset[Place](), frozenset({Place.CALL})), (0, 1))
    }
    cut = sum(Place.CALL in one for one in some)
    assert len(names) == (len(some) + cut) * len(some) * 2


def test_calls_are_gathered_by_the_word_of_fewest_calls() -> None:
    needs = needs_of("asha invoice 2024-05")
    assert needs == [(("asha",),), (("invoice",),), (("202405",), ("05", "2024"))]
    counts = {"asha": (0, 12, 500, 0, 0, 0), "invoice": (250, 0, 0, 0, 0, 0), "202405": (0, 0, 0, 0, 30, 0)}
    order = ("asha", "invoice", "202405", "05", "2024")
    seen = seen_of(needs, chain.from_iterable(counts.get(term, (7, 0, 0, 0, 0, 0)) for term in order))
    assert (seen.by, seen.calls, seen.are_few) == (1, 250, True)
    assert seen.of("asha") == {Place.AGENT, Place.CONTACT}
    assert seen.known_of("asha") == {Place.AGENT}  # of contacts there may be more than were counted
    assert by_nobody(needs).calls == 0


@pytest.mark.parametrize(
    ("text", "counts", "by", "few"),
    [
        ("zebra", [(3, 0, 0, 0, 0, 0)], 0, True),
        ("zebra", [(0, 0, 1, 0, 0, 0)], 0, False),  # a contact may have all calls
        ("8325555", [(0, 0, 0, 0, 1, 0)], 0, False),  # and so may a number
        ("8325555", [(0, 0, 0, 0, 1, 1)], 0, False),  # the company's own, too
        ("8325555 zebra", [(250, 0, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0)], 0, True),  # sooner by what is counted
        ("8325555 asha", [(0, 0, 1, 0, 0, 0), (0, 0, 0, 0, 1, 0)], 0, False),
        ("zebra", [(2_000, 0, 0, 0, 0, 0)], 0, False),  # and more
        ("8325555 zebra", [(2_000, 0, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0)], 1, False),
        ("nobody asha", [(0, 3, 500, 0, 0, 0), (0, 0, 0, 0, 0, 0)], 1, True),
    ],
)
def test_calls_are_gathered_at_once_only_if_they_were_counted(
    text: str, counts: list[tuple[int, ...]], by: int, few: bool
) -> None:
    seen = seen_of(needs_of(text), chain.from_iterable(counts))
    assert (seen.by, seen.are_few) == (by, few)


@pytest.mark.parametrize(
    ("found", "tried"),
    [
        (0, ["further on by 40,000", "gathered"]),
        (5, ["further on by 10,000", "further on by 40,000", "gathered"]),
        (250, ["further on by 1,000", "further on by 40,000", "gathered"]),
    ],
)
def test_before_common_words_are_gathered_it_is_gone_on_as_far_as_ever(found: int, tried: list[str]) -> None:
    common = seen_of(needs_of("asha rai"), chain.from_iterable([(0, 9, 500, 0, 0, 0), (0, 9, 500, 0, 0, 0)]))
    filter = CallFilter(search="asha rai")
    assert [one.name for one in further(SCOPE, filter, found, 50, common)] == tried
    one_word = seen_of(needs_of("asha"), iter((0, 9, 500, 0, 0, 0)))
    assert [one.name for one in further(SCOPE, CallFilter(search="asha"), 0, 50, one_word)] == ["gathered"]


def test_common_words_of_people_are_looked_for_in_thousands_of_calls_at_once() -> None:
    filter = CallFilter(search="asha rai")
    seen = seen_of(needs_of("asha rai"), chain.from_iterable([(0, 9, 500, 0, 0, 0), (0, 9, 500, 0, 0, 0)]))
    together = replace(seen, together=True)
    first, *others = attempts(SCOPE, filter, CallOrder(), together)
    assert (first.near, first.name) == (TOGETHER, f"met of {seen.name} together")
    assert [one.near for one in others] == [25_000, 40_000, 50_000, None]
    for found in (0, 20, 49):
        assert [one.near for one in further(SCOPE, filter, found, 50, together)] == [50_000, None]


@pytest.mark.parametrize(
    ("given", "together"),
    [
        (CallFilter(search="leak ada"), True),
        (CallFilter(search="leak ada", started_at=DateTimeRange(to=NOW)), True),
        (CallFilter(search="ada"), False),
        (CallFilter(search="leak ada", outcome=(CallOutcome.MISSED, CallOutcome.REJECTED)), False),
        (CallFilter(search="leak ada sink"), False),
        (CallFilter(search="wichita ada"), False),  # a unit's name
        (CallFilter(search="316-832-5555 ada"), True),
    ],
)
async def test_words_are_looked_for_together_where_an_index_has_all_that_is_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch, given: CallFilter, together: bool
) -> None:
    monkeypatch.setattr("app.store.said._FEW", 0)
    monkeypatch.setattr("app.store.said._MANY", 0)
    await fill(house)

    async def first_look(viewer: House) -> int:
        async with viewer.statements() as statements, house.database.read() as connection:
            await pages.page(connection, viewer.scope, "calls", ["notes"], given, CallOrder(), Window(2))
        return next(looked_at(one) for one in statements if "calls.started_at" in one)

    assert (await first_look(house) == TOGETHER) is together
    limited = replace(house.scope, reach=Reach(org_unit_ids=("a",)))
    assert await first_look(replace(house, scope=limited)) < TOGETHER


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_of_calls_that_are_met_for_common_words_only_an_index_is_read(house: House) -> None:
    await fill(house)
    given, order = CallFilter(search="leak ada"), CallOrder()
    first, *_ = attempts(
        house.scope, given, order, replace(await said_of(house, "leak ada"), calls=10_000, together=True)
    )
    asked = of_list(house.scope, select(calls.c.id, calls.c.notes), "calls", given, order, Window(2), first)
    ready = prepared(asked, house.database.dialect)
    async with house.database.read() as connection:
        explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {ready.text}", ready.values((), (), NOW))
        plan = "\n".join(row[-1] for row in explained)
    assert "COVERING INDEX ix_calls_looked_at" in plan


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_owners_of_a_call_are_looked_for_by_themselves_not_by_the_word(house: House) -> None:
    met = predicate_of(house.scope, CallFilter(search="ada"), ALONG)
    looked = prepared(select(calls.c.id).where(met), house.database.dialect)
    async with house.database.read() as connection:
        explained = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {looked.text}", looked.values((), (), NOW))
        plan = [row[-1] for row in explained]
    looks = [step for step in plan if "ix_words_workspace_id_owner_id_word_owner_kind" in step and "owner_id=?" in step]
    assert len(looks) == 2  # for the call, its agent and contact; and for its units


async def test_page_of_the_companys_own_number_is_met_along_the_start(house: House) -> None:
    await save(house, *[a_call(f"c{n}", dialed_number="+13168325555") for n in range(60)])
    asked = '{ calls(first: 50, filter: {search: "%s"}) { nodes { id } } }'
    for text in ("8325555", "832"):
        async with house.statements() as statements:
            assert len((await house.ask(asked % text))["calls"]["nodes"]) == 50
        assert len(statements) == 2
        assert "MATERIALIZED" not in statements[1]


async def test_page_of_digits_that_people_alone_have_is_gathered_in_one_column(house: House) -> None:
    own = "+13165550199"
    await save(house, *[a_call(f"c{n}", phone_number=f"+13168325{n:03}", dialed_number=own) for n in range(60)])
    for text in ("832", "8325059", "8325"):
        async with house.statements() as statements:
            told = await house.ask(f'{{ calls(first: 50, filter: {{search: "{text}"}}) {{ nodes {{ id }} }} }}')
        assert len(told["calls"]["nodes"]) == (1 if text == "8325059" else 50)
        assert len(statements) == 2
        assert "WITH last AS MATERIALIZED" in statements[1]
        assert not re.search("caller_number|dialed_number|destination_number", statements[1])


async def test_word_that_only_agents_have_is_looked_up_and_their_calls_read_along_their_index(house: House) -> None:
    made = [
        a_call(f"c{n:02}", started_at=NOW + timedelta(minutes=n), agent=an_agent(f"Agent {n % 5}")) for n in range(40)
    ]
    await save(house, *made)
    asked = '{ calls(first: 6, filter: {search: "%s", startedAt: {to: "%s"}}) { nodes { providerCallId } } }'
    for text, agents in (("2", {2}), ("agent", {0, 1, 2, 3, 4})):
        wanted = [f"c{n:02}" for n in range(29, -1, -1) if n % 5 in agents][:6]
        async with house.statements() as statements:
            told = await house.ask(asked % (text, (NOW + timedelta(minutes=30)).isoformat()))
        assert [one["providerCallId"] for one in told["calls"]["nodes"]] == wanted
        assert [kind in statements[-1] for kind in ("words", "UNION ALL")] == [False, len(agents) > 1]
        assert len(statements) == 3  # who has it, which agents, and their calls
    await save(house, a_call("note", notes="agent 2", started_at=NOW))
    told = await house.ask('{ calls(last: 1, filter: {search: "2"}) { nodes { providerCallId } } }')
    assert told["calls"]["nodes"][0]["providerCallId"] == "note"
    (found,) = {len(await walked(house, CallFilter(search="2"), order, False)) for order in (DOWN, UP)}
    assert found == 9


async def test_request_for_many_words_of_agents_is_not_larger_for_how_they_are_found(house: House) -> None:
    await save(house, *[a_call(f"c{n}", agent=an_agent("Ada")) for n in range(3)])
    (agent_id,) = {row["agent_id"] for row in await rows(house, "calls")}
    limited = replace(house.scope, reach=Reach(agent_ids=(agent_id, *[f"another{n}" for n in range(300)])))
    fields = " ".join(f'f{n}: calls(first: 1, filter: {{search: "ada"}}) {{ nodes {{ id }} }}' for n in range(60))
    with Allowance():
        told = await replace(house, scope=limited).ask(f"{{ {fields} }}")
    assert all(len(one["nodes"]) == 1 for one in told.values())


async def test_word_that_many_agents_have_is_looked_for_as_others_are(house: House) -> None:
    await save(house, *[a_call(f"c{n:03}", agent=an_agent(f"Agent {n}")) for n in range(70)])
    async with house.statements() as statements:
        told = await house.ask('{ calls(first: 80, filter: {search: "agent"}) { nodes { id } } }')
    assert len(told["calls"]["nodes"]) == 70
    assert "words" in statements[2]  # after who has it, and which agents


@pytest.mark.parametrize("text", ["", "...", "leak", "ada leak", "nobody", "555"])
async def test_any_search_is_compiled(house: House, text: str) -> None:
    await fill(house)
    asked = "query ($text: String!) { calls(filter: {search: $text}) { nodes { id } } }"
    for query, given in (
        (asked, {"text": text}),
        (asked.replace("$text}", f'"{text}"}}').replace("($text: String!)", ""), {}),
    ):
        assert not isinstance(await compiled_answer(house, query, given), Surprise)


async def test_counting_draws_from_what_a_request_may_ask(house: House) -> None:
    many = " ".join(f"word{n}" for n in range(19))
    lists = [f'l{n}: calls(filter: {{search: "{many} {n}"}}) {{ nodes {{ id }} }}' for n in range(20)]
    with Allowance() as given:
        await house.ask(f"{{ {' '.join(lists[:1])} }}")
        assert given.left <= MOST - 2_000
    with Allowance():
        assert "FILTER_TOO_LARGE" in str(await house.answer(f"{{ {' '.join(lists)} }}"))


async def test_what_is_kept_of_one_text_does_not_grow_with_what_is_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.engine.run._MOST_NAMED", 2)
    later = [
        a_call("contact", contact=ContactRecord(name="Zebra"), phone_number="+13165550111"),
        a_call("agent", agent=an_agent("Zebra")),
        a_call("call", notes="zebra"),
    ]
    for number, one in enumerate(later):
        await save(house, one)
        for _ in range(2):
            told = await house.ask('{ calls(filter: {search: "zebra"}) { nodes { providerCallId } } }')
            assert len(told["calls"]["nodes"]) == number + 1
    ((shape, _),) = house.engine._shapes._kept.values()
    assert len(shape.named) == 2
    assert {(0, "said", 0), (0, "ids", 0), (0, "page", 0), *shape.named} == set(shape.prepared) == set(shape.weights)
