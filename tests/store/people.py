"""Ravi, who talked to the company over four vendors, and the others who did; what a store says of either."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from sqlalchemy import String, cast, select

from app.domain.sources import Provider
from app.store import privacy
from app.store.database import Database
from app.store.tables import metadata
from tests.conftest import House

PROVIDERS = Path(__file__).parent.parent / "providers"
RAVI, RAVIS_OTHER = "+919650000255", "+919650000777"
DIGITS = ("9650000255", "9650000777")
# Said of Ravi alone by the payloads below.
WORDS_OF_RAVI = ("ravi", "kumar", "ravi@example.com", "blue sofa", "lead-of-ravi", "624159950000000000000002")


def _load(vendor: str, name: str) -> Any:
    return json.loads((PROVIDERS / vendor / "payloads" / name).read_text())


def smartflo() -> list[dict[str, Any]]:
    """Ravi's call; and another's, who was put through to Ravi and of whom the agent noted Ravi's number."""
    (ravis,) = _load("smartflo", "records.json")["results"]
    other = deepcopy(ravis) | {"call_id": "other", "client_number": "919650000999", "caller_id_num": "+919650000999"}
    other |= {"contact_details": None, "notes": "friend of 96500 00255, wants the green sofa", "lead_id": None}
    other["call_flow"] = [*other["call_flow"], {"type": "Customer", "num": "+919650000255", "time": 1715235799}]
    return [ravis, other]


def voxcrow() -> list[dict[str, Any]]:
    """Rows whose very id is made of the number; the Nepalese one has the digits of Ravi's without the country code."""
    first, second = _load("voxcrow", "call_log.json")
    link = "pbx.example/out-9650000255-2003-20240506.wav"
    ravis = first | {"phone_number": RAVI, "recording_link": link, "wrapup_note": "the blue sofa"}
    return [ravis, second, second | {"phone_number": "+977 9650000255", "calldate": "2024-05-06 12:00:00"}]


def callyzer() -> list[dict[str, Any]]:
    """Ravi as a lead with two numbers, and a call from each; and somebody else's call."""
    lead = deepcopy(_load("callyzer", "lead-get.json")["result"][0])
    lead["id"] = "lead-of-ravi"
    lead["details"] |= {"first_name": "Ravi", "last_name": "Kumar", "email": "ravi@example.com"}
    lead["details"]["contact_numbers"] = ["91-9650000255", "9650000777"]
    del lead["last_call_log"]
    call = {"emp_name": "Lalit", "emp_number": "9000000112", "duration": "30", "call_date": "2023-09-13"}
    call |= {
        "client_name": "Ravi Kumar",
        "client_country_code": "91",
        "note": "the blue sofa",
        "lead_id": "lead-of-ravi",
    }
    told = [("a", "9650000255", "Incoming"), ("b", "9650000777", "Missed"), ("c", "9100000231", "Outgoing")]
    calls = [
        call | {"id": id, "client_number": number, "call_type": kind, "call_time": "17:49:41", "modified_at": None}
        for id, number, kind in told
    ]
    calls[2] |= {"client_name": "Xavier Pinto", "note": "the red chair", "lead_id": None}
    return [lead, *calls]


def asterisk() -> list[dict[str, Any]]:
    """Two attempts of one call of Ravi's, each in a payload of its own."""
    row = ["sales", RAVI, "4155550100", "from-pstn", f'"Ravi Kumar" <{RAVI}>', "PJSIP/northtrunk-0000001a"]
    tail = ["DOCUMENTATION", "1715235734.100", "ticket-7"]
    rang = ["SIP/1001-1b", "Dial", "SIP/1001,20", "2024-05-09 06:22:14", "", "2024-05-09 06:22:34", "20", "0"]
    talked = ["SIP/1002-1c", "Dial", "SIP/1002,20", "2024-05-09 06:22:34", "2024-05-09 06:22:40"]
    talked += ["2024-05-09 06:23:10", "36", "30"]
    return [{"rows": [[*row, *rang, "NO ANSWER", *tail]]}, {"rows": [[*row, *talked, "ANSWERED", *tail]]}]


# What cannot be read: of Ravi, and of somebody else.
BROKEN = [
    {"id": "x", "call_type": "?", "who": "Ravi Kumar", "client_number": "+91 96500-00255"},
    {"id": "y", "who": "Zoya"},
]


async def fill(house: House) -> None:
    """Takes everything in, each as its vendor's file."""
    await house.take(Provider.SMARTFLO, smartflo())
    await house.take(Provider.VOXCROW, voxcrow())
    lead, *calls = callyzer()
    await house.take(Provider.CALLYZER, [lead])
    await house.take(Provider.CALLYZER, [*calls, *BROKEN])
    await house.take(Provider.ASTERISK, asterisk())


async def person(house: House, number: str = RAVI) -> privacy.Person:
    """Whose number it is."""
    async with house.database.read() as connection:
        return await privacy.find(connection, house.scope, number)


async def said(database: Database, *texts: str) -> list[tuple[str, str, str]]:
    """Every place of the store, in any table and column, where one of the texts stands: table, column, value."""
    found = []
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            for column in table.columns:
                values = await connection.execute(select(cast(column, String)).where(column.is_not(None)))
                texts_here = [value for value in values.scalars() if any(text in value.lower() for text in texts)]
                found += [(table.name, column.name, value) for value in texts_here]
    return found


async def rows(house: House, name: str) -> list[dict[str, Any]]:
    """A table's rows in the house's workspace."""
    table = metadata.tables[name]
    async with house.database.read() as connection:
        found = await connection.execute(select(table).where(table.c.workspace_id == house.scope.workspace_id))
        return [dict(row) for row in found.mappings()]
