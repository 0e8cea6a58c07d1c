"""What lies beside what a viewer may see, in another workspace or beyond a limit, and how to ask for it by all its names."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.scope import Reach
from app.graphql.ids import decode
from tests.builders import save
from tests.conftest import House
from tests.graphql.rows import empty_house
from tests.graphql.told import Told, bare, spoken
from tests.graphql.walk import LISTS, orders

OURS, THEIRS = Told(), Told("+916365347201", "6365347201")
TYPES = {"Call": "", "Agent": "agent", "Contact": "contact", "Source": "source", "OrgUnit": "campaign"}
# Names under which a question means something of theirs, before it is asked.
ID_SLOTS = {kind: f"«{kind}»" for kind in TYPES}
TEXT_SLOTS, NUMBER_SLOTS = ["«call id»", "«words»", "«name»"], ["«number»", "«part»"]
Things = Mapping[str, str]


@dataclass(frozen=True)
class Neighbours:
    """`viewer` asks, and may know nothing of `theirs`; `alone` is answered from a workspace in which theirs never was."""

    viewer: House
    alone: House
    theirs: Things
    nobodys: Things


# What is theirs of a call that is else like ours, and the viewer's limit by the ids of what is ours.
KINDS: dict[str, tuple[tuple[str, ...], Callable[[Mapping[str, str]], Reach]]] = {
    "another agent's": (("agent", "legs"), lambda ids: Reach(agent_ids=(ids["Agent"],))),
    "another tag's": (("agent", "legs"), lambda ids: Reach(agent_tags=(spoken(OURS).agent.tags[0].casefold(),))),  # type: ignore[union-attr,index]
    "another source's": ((), lambda ids: Reach(source_ids=(ids["Source"],))),
    "another unit's": (("org_units",), lambda ids: Reach(org_unit_ids=(ids["OrgUnit"],))),
    "several limits'": (
        ("agent", "legs", "org_units"),
        lambda ids: Reach(agent_ids=(ids["Agent"],), source_ids=(ids["Source"],), org_unit_ids=(ids["OrgUnit"],)),
    ),
}


async def in_another_workspace(house: House) -> Neighbours:
    """A workspace, and another one in the same store."""
    ours, alone, theirs = await empty_house(house), await empty_house(house), await empty_house(house)
    for made in (ours, alone):
        await save(made, spoken(OURS), source="one")
    await save(theirs, spoken(THEIRS, "theirs", 7), bare(THEIRS, "their other", 8), source="two")
    return Neighbours(ours, alone, *await _named(theirs))


async def beyond_a_limit(house: House, kind: str) -> Neighbours:
    """A limited viewer of a workspace that has more than they may see, and of one that has not."""
    theirs_of_it, limit = KINDS[kind]
    whole, alone = await empty_house(house), await empty_house(house)
    mine, other = spoken(OURS), spoken(THEIRS, "theirs", 7)
    like_mine = replace(mine, provider_call_id="theirs like ours", started_at=other.started_at)
    mixed = replace(like_mine, **{name: getattr(other, name) for name in theirs_of_it})
    for made in (whole, alone):
        await save(made, mine, source="one")
    ids = {kind: _ours(whole, id) for kind, id in (await _ids(whole, mine.provider_call_id)).items()}
    await save(whole, mixed, other, source="two" if kind == "another source's" else "one")
    found = await _named(whole, but=await _ids(whole, mine.provider_call_id))
    alone_ids = {kind: _ours(alone, id) for kind, id in (await _ids(alone, mine.provider_call_id)).items()}
    return Neighbours(_limited(whole, limit(ids)), _limited(alone, limit(alone_ids)), *found)


def _limited(house: House, reach: Reach) -> House:
    return replace(house, scope=replace(house.scope, reach=reach))


def _ours(house: House, node_id: str) -> str:
    found = decode(house.scope, node_id)
    assert found
    return found[1]


async def _ids(house: House, call: str) -> dict[str, str]:
    query = """query($call: String!) { calls(filter: {providerCallIds: [$call]}) { nodes {
                 id agent { id } contact { id } source { id } campaign { id } } } }"""
    found = (await house.ask(query, call=call))["calls"]["nodes"][0]
    return {kind: found[name]["id"] if name else found["id"] for kind, name in TYPES.items()}


async def _named(house: House, but: Mapping[str, str] | None = None) -> tuple[Things, Things]:
    """What theirs is known by, and what nobody is: made alike. `but` are the ids that are not theirs alone."""
    call = spoken(THEIRS, "theirs")
    theirs = {ID_SLOTS[kind]: id for kind, id in (await _ids(house, call.provider_call_id)).items()}
    nobodys = {slot: _nobodys_id(id) for slot, id in theirs.items()}
    for kind, slot in ID_SLOTS.items():
        if but and theirs[slot] == but[kind]:
            theirs[slot] = nobodys[slot]
    for noun, kind in LISTS.items():
        for order in orders(noun):
            cursor = await _cursor(house, noun, order, theirs[ID_SLOTS[kind]])
            for slot, value in (("", cursor[1]), (" unsaid", None)):
                theirs[f"«{noun} {order}{slot}»"] = _written([order, value, cursor[2]])
                nobodys[f"«{noun} {order}{slot}»"] = _written([order, value, _another(cursor[2])])
    assert call.agent
    assert call.agent.name
    said = [call.provider_call_id, str(call.notes), call.agent.name, THEIRS.e164, THEIRS.dialled[:8]]
    for slot, text in zip([*TEXT_SLOTS, *NUMBER_SLOTS], said, strict=True):
        theirs[slot] = text
        nobodys[slot] = text.translate(str.maketrans("0123456789aeiou", "2345678901eioua"))
    return theirs, nobodys | {"«number»": "+916478901234"}


async def _cursor(house: House, noun: str, order: str, id: str) -> list[Any]:
    """The place of theirs in a list; of any of theirs, where that one is ours, too."""
    data = await house.ask(f"{{ {noun}(orderBy: {{field: {order}}}) {{ edges {{ cursor node {{ id }} }} }} }}")
    edges = data[noun]["edges"]
    cursor = next((edge["cursor"] for edge in edges if edge["node"]["id"] == id), edges[-1]["cursor"])
    found: list[Any] = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return found


def _written(place: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _nobodys_id(node_id: str) -> str:
    said = urlsafe_b64decode(node_id + "=" * (-len(node_id) % 4)).decode()
    return urlsafe_b64encode(_another(said).encode()).decode().rstrip("=")


def _another(id: str) -> str:
    """An id that nothing has, next to one that something has."""
    return id[:-1] + ("0" if id[-1] != "0" else "1")


def filled(text: str, things: Things) -> str:
    """A question or its variables with the names of things in it."""
    for slot, thing in things.items():
        text = text.replace(slot, json.dumps(thing)[1:-1])
    return text


def emptied(answer: Any, things: Things) -> Any:
    """An answer without what the question itself said: what an error repeats."""
    text = json.dumps(answer, ensure_ascii=False)
    for slot, thing in things.items():
        text = text.replace(json.dumps(thing, ensure_ascii=False)[1:-1], slot)
    return json.loads(text)
