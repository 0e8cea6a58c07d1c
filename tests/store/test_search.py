"""Free text finds calls, agents and contacts by words, beginnings of words, and digits, in any alphabet."""

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.contacts import ContactProfile, ContactRecord
from app.domain.details import Summary, WrapUp
from app.domain.errors import InputError
from app.domain.filters import AgentFilter, CallFilter, ContactFilter
from app.domain.org_units import OrgUnitKind, OrgUnitRecord
from app.store.call_search import calls_said
from app.store.search import MAX_TERMS, words_of
from tests.builders import a_call, a_number, an_agent, save
from tests.conftest import SCOPE, House
from tests.store.both import names


async def said(house: House, text: str) -> set[str]:
    return await names(house, CallFilter(search=text))


async def test_every_word_has_to_be_found_in_any_order(house: House) -> None:
    await save(house, a_call("sink", notes="A leaking sink"), a_call("roof", notes="A leaking roof"))
    assert await said(house, "leaking") == {"sink", "roof"}
    assert await said(house, "sink leaking") == {"sink"}
    assert await said(house, "sink roof") == set()


async def test_words_are_found_by_their_beginnings_only(house: House) -> None:
    await save(house, a_call("sink", notes="A leaking sink"), a_call("leek", notes="Leek soup"))
    assert await said(house, "le") == {"sink", "leek"}
    assert await said(house, "lea si") == {"sink"}
    assert await said(house, "eaking") == set()
    assert await said(house, "leakings") == set()


async def test_case_never_matters_in_any_alphabet(house: House) -> None:
    searches = {
        "Straße gesperrt": "STRASSE",
        "MASSE GESPERRT": "maße",
        "Åsa Öberg": "åSA öB",
        "ΟΔΟΣ Αθηνάς": "οδος",
        "Жилище": "ЖИЛИ",
        "नमस्ते राम": "नमस्ते",
        "山田 太郎": "山田",
        "L'équipe": "ÉQUIPE",
    }
    await save(house, *[a_call(note, notes=note) for note in searches])
    for note, search in searches.items():
        assert await said(house, search) == {note}, search


async def test_number_is_found_by_three_digits_or_more_however_it_is_written(house: House) -> None:
    await save(house, a_call("that", phone_number="+13168325555"), a_call("other", phone_number="+13168335555"))
    for search in ("316-832", "(316) 832-5555", "+1 316 832 5555", "3168325", "832", "8325555", "31683255 832"):
        assert await said(house, search) == {"that"}, search
    assert await said(house, "316") == {"that", "other"}
    assert await said(house, "83") == set()


async def test_every_number_of_a_call_is_searched(house: House) -> None:
    for role in ("phone_number", "caller_number", "dialed_number", "destination_number"):
        numbers = {"phone_number": None, "caller_number": None} | {role: "+13168325555"}
        await save(house, a_call(role, **numbers))
    assert await said(house, "316832") == {"phone_number", "caller_number", "dialed_number", "destination_number"}


async def test_words_and_numbers_are_looked_for_together(house: House) -> None:
    await save(
        house,
        a_call("that", phone_number="+13168325555", notes="A leaking sink"),
        a_call("same caller", phone_number="+13168325555", notes="The roof"),
        a_call("same words", phone_number="+13168335555", notes="A leaking sink"),
    )
    for search in ("leak 316-832", "316 832 leak", "sink (316) 832-5555 leaking"):
        assert await said(house, search) == {"that"}, search


async def test_digits_in_words_are_found_as_they_are_written(house: House) -> None:
    searches = {
        "Order abc123_xyz": ("abc123_xyz", "ABC123", "order abc12"),
        "Room 12B": ("12b", "room 12"),
        "On 2024-05-09 again": ("2024-05-09", "2024 05", "on 2024"),
        "Flat 7, 19 May": ("7 19", "flat 7"),
        "Gate 4": ("4",),
        "Call +977 981 soon": ("+977 981", "977 981"),
    }
    for note in searches:
        await save(house, a_call(note, notes=note, phone_number="+13165550100"))
    for note, wanted in searches.items():
        for search in wanted:
            assert await said(house, search) == {note}, search


async def test_what_is_said_of_agent_contact_and_units_finds_the_call(house: House) -> None:
    unit = OrgUnitRecord(kind=OrgUnitKind.LOCATION, provider_unit_id="7", name="Wichita", external_id="abc987")
    profile = ContactProfile(company="Leaky Pipes", city="Pokhara")
    contact = ContactRecord(name="Zoë Leaman", email="zoe@example.com", profile=profile)
    that = a_call(
        "that",
        agent=an_agent("Ada Strøm", code="X99", email="ada@example.com"),
        contact=contact,
        org_units=(unit,),
        labels={
            "campaign": ("Spring mailing", "111"),
            "reference": (None, "zyx321_abc"),
            "queue": "Hotline",
            "department": "Repairs",
        },
        summaries=(Summary(text="They agreed on Tuesday."),),
        wrap_up=WrapUp(note="Paid cash"),
    )
    await save(house, that, a_call("other", phone_number="+13165550100"))
    for search in (
        *("ada", "strøm", "x99", "zoë", "zoe@example.com", "leaky", "pokhara", "wichita", "abc987", "spring"),
        *("zyx321_abc", "hotline", "repairs", "tuesday", "cash", "wichita leaman ada tuesday"),
    ):
        assert await said(house, search) == {"that"}, search


async def test_agents_and_contacts_are_found_alike(house: House) -> None:
    contact = ContactRecord(name="Zoë Leaman", numbers=(a_number("+13168325555"),))
    await save(house, an_agent("Ada Strøm", number="+9779810000078"), an_agent("Bo"), contact)
    for search in ("STRØM ad", "981-000", "ada 9810000078"):
        assert await names(house, AgentFilter(search=search), "agents") == {"Ada Strøm"}, search
    for search in ("zoë lea", "316-832", "leaman 5555"):
        assert await names(house, ContactFilter(search=search), "contacts") == {"Zoë Leaman"}, search
    assert await names(house, AgentFilter(search="zoë"), "agents") == set()


async def test_search_for_no_word_finds_nothing(house: House) -> None:
    await save(house, a_call("one", notes="A - note!", agent=an_agent()))
    for blank in ("", "  ", "-", "!?", "()"):
        assert await said(house, blank) == set()
        assert await names(house, AgentFilter(search=blank), "agents") == set()
        assert await names(house, ContactFilter(search=blank), "contacts") == set()


async def test_words_that_are_no_longer_said_are_no_longer_found(house: House) -> None:
    await save(house, a_call("one", notes="A leaking sink"))
    await save(house, a_call("one", notes="A leaking roof"))
    assert await said(house, "sink") == set()
    assert await said(house, "leaking roof") == {"one"}


async def test_word_of_any_length_is_found(house: House) -> None:
    endless = "donaudampfschifffahrt" * 10
    await save(house, a_call("one", notes=f"The {endless}"))
    assert await said(house, endless) == {"one"}
    assert await said(house, endless[:30]) == {"one"}


async def test_random_words_of_any_alphabet_are_found_by_any_beginning(house: House) -> None:
    dice = random.Random(5)
    letters = [
        chr(code) for code in (*range(0x30, 0x250), *range(0x370, 0x530), *range(0x900, 0x980), 0x1F600, 0x20BB7)
    ]
    notes = {f"c{place}": "".join(dice.choices(letters, k=24)) + " " for place in range(12)}
    await save(house, *[a_call(key, notes=note, phone_number=None) for key, note in notes.items()])
    for key, note in notes.items():
        for word in sorted(words_of([note]))[:6]:
            assert key in await said(house, word[: dice.randint(1, len(word))]), (note, word)


def test_more_words_than_anyone_looks_for_are_refused() -> None:
    words = [f"word{place}" for place in range(MAX_TERMS + 1)]
    calls_said(SCOPE, " ".join(words[:MAX_TERMS]))
    numbers = "; ".join(" ".join(digits) for digits in permutations("1234"))
    for text in (" ".join(words), numbers):
        with pytest.raises(InputError, match=rf"search has \d+ words; at most {MAX_TERMS}"):
            calls_said(SCOPE, text)


@given(st.text(), st.text())
def test_words_of_two_texts_are_those_of_each(one: str, other: str) -> None:
    assert words_of([one, None, other]) == words_of([one]) | words_of([other])


@given(st.text())
def test_words_are_folded_and_words_themselves(text: str) -> None:
    found = words_of([text])
    assert words_of([" ".join(sorted(found))]) == found
    assert all(word == word.casefold() and not word.isspace() for word in found)
