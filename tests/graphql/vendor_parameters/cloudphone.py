"""What Smartflo and Acefone, one product family, have in common: a dataset, and the rows of their shared parameters."""

from typing import Any

from app.domain.sources import Provider
from tests.builders import cloudphone_record
from tests.graphql.vendor_parameters.words import Filter, Instead, Names, Row, Selects, Vendor

CLIENT, DID, OTHER_DID = "919650000255", "+918069000170", "+918069000999"
JATIN = {"steps": [("Agent", "05047000422", "Jatin Verma")]}
ASHA_PHONE = "+919888000999"
ASHA = {
    "agent_name": "Asha Rao",
    "agent_number": ASHA_PHONE,
    "steps": [("Agent", "05047000777", "Asha Rao")],
}
MISSED = {"status": "missed", "answered_seconds": 0, "agent_name": None, "agent_number": None}
OUTBOUND = {"direction": "outbound", "client_number": "919650000777", "service": "Agent"}
BROADCAST = {"direction": "outbound", "service": "Broadcast", "broadcast_id": "3432", "call_duration": None}
# Of 9 May 2024, from nine to six in India, both included to the second.
WORKING_DAY = {"from": "2024-05-09T09:00:00+05:30", "to": "2024-05-09T18:00:01+05:30"}

_SAID: dict[str, dict[str, Any]] = {
    "second before": {**JATIN, "date": "2024-05-09", "time": "08:59:59"},
    "first second": {**JATIN, "date": "2024-05-09", "time": "09:00:00"},
    "last second": {**JATIN, "date": "2024-05-09", "time": "18:00:00"},
    "second after": {**JATIN, "date": "2024-05-09", "time": "18:00:01"},
    "29 seconds": {**ASHA, "call_duration": 29},
    "30 seconds": {**ASHA, "call_duration": 30},
    "31 seconds": {**ASHA, "call_duration": 31},
    "outbound": {**OUTBOUND, **ASHA},
    "outbound, not taken": {**OUTBOUND, **MISSED, "dialer": {"hangup_cause": 18}},
    "outbound over the other line": {**OUTBOUND, **ASHA, "did_number": OTHER_DID},
    "outbound to the client": {**OUTBOUND, **ASHA, "client_number": CLIENT},
    "missed in sales": {**MISSED, "steps": [("Department", "701", "Sales")], "client_number": "919650000888"},
    "missed in support": {**MISSED, "steps": [("Department", "702", "Support"), ("IVR", "302", "Night menu")]},
    "missed, busy": {**MISSED, "dialer": {"hangup_cause": 17}, "did_number": OTHER_DID},
    "through the menu": {"steps": [*JATIN["steps"], ("IVR", "301", "Main menu")]},
    "click to call": {**OUTBOUND, **ASHA, "service": "Click to Call,Agent"},
    "of the broadcast": {**BROADCAST, **MISSED},
    "of another broadcast": {**BROADCAST, **MISSED, "broadcast_id": "3433"},
    "still ringing": {"status": "ringing", "call_duration": None, "agent_number": ASHA_PHONE, "agent_name": None},
}
RECORDS = {name: cloudphone_record(name, **said) for name, said in _SAID.items()}

INSTEAD = {
    "page": Instead("Query.calls(after:)", "cursors page: no row is skipped or repeated while calls come in"),
    "limit": Instead("Query.calls(first:)", "how many rows a page has"),
}


def row(parameter: str, value: str, filter: Filter, selects: Names, leaves_out: Names) -> Selects:
    """A row whose value is that of the parameter alone."""
    return Selects(parameter, f"{parameter}={value}", filter, selects, leaves_out)


def lengths(operators: dict[str, str]) -> tuple[Row, ...]:
    """Lengths against 30 seconds, by what each operator is called; an unknown length compares with nothing."""
    shorter, equal, longer, unknown = "29 seconds", "30 seconds", "31 seconds", "of the broadcast"
    table: dict[str, tuple[Names, Names]] = {
        "gt": ((longer,), (shorter, equal, unknown)),
        "gte": ((longer, equal), (shorter, unknown)),
        "lt": ((shorter,), (equal, longer, unknown)),
        "lte": ((shorter, equal), (longer, unknown)),
        "ne": ((shorter, longer), (equal, unknown)),
    }
    return tuple(
        Selects(parameter, f"duration=30&operator={said}", {"durationSeconds": {bound: 30}}, *table[bound])
        for bound, said in operators.items()
        for parameter in ("duration", "operator")
    )


def call_types(answered: str, missed: str) -> tuple[Row, ...]:
    """Answered and missed calls, by the vendor's own word, and by what we call the outcome."""
    talked, missed_calls = ("first second", "outbound"), ("missed in sales", "missed, busy", "outbound, not taken")
    neither = "still ringing"
    outcomes = ["MISSED", "NO_ANSWER", "BUSY", "REJECTED", "VOICEMAIL", "BLOCKED"]
    return (
        row("call_type", answered, {"providerStatuses": ["answered"]}, talked, (*missed_calls, neither)),
        row("call_type", answered, {"outcome": ["ANSWERED"]}, talked, (*missed_calls, neither)),
        row("call_type", missed, {"providerStatuses": ["missed"]}, missed_calls, (*talked, neither)),
        row("call_type", missed, {"outcome": outcomes}, missed_calls, (*talked, neither)),
    )


SHARED_ROWS: tuple[Row, ...] = (
    row("from_date", "2024-05-09 09:00:00", {"startedAt": WORKING_DAY}, ("first second",), ("second before",)),
    row("to_date", "2024-05-09 18:00:00", {"startedAt": WORKING_DAY}, ("last second",), ("second after",)),
    row("agents", "agent|05047000422", {"providerAgentIds": ["05047000422"]}, ("first second",), ("outbound",)),
    row("agents", "asha rao", {"agentNames": ["asha rao"]}, ("outbound",), ("first second", "missed in sales")),
    row("department", "701", {"departments": ["701"]}, ("missed in sales",), ("missed in support", "outbound")),
    row("department", "sales", {"departments": ["sales"]}, ("missed in sales",), ("missed in support",)),
    row("department", "701,702", {"departments": ["701", "702"]}, ("missed in support",), ("missed, busy",)),
    row("ivr", "301", {"ivrs": ["301"]}, ("through the menu",), ("missed in support", "outbound")),
    row("ivr", "main menu", {"ivrs": ["main menu"]}, ("through the menu",), ("missed in support",)),
    row(
        "callerid",
        CLIENT,
        {"phoneNumbers": [CLIENT]},
        ("first second", "outbound to the client"),
        ("outbound", "missed in sales"),
    ),
    row(
        "destination",
        ASHA_PHONE,
        {"direction": ["INBOUND"], "destinationNumber": {"equals": ASHA_PHONE}},
        ("30 seconds", "still ringing"),
        ("first second", "outbound", "missed in sales"),
    ),
    row(
        "destination",
        "Extension-06040000219",
        {"direction": ["INBOUND"], "destinationNumber": {"equals": "Extension-06040000219"}},
        ("first second", "through the menu"),
        ("30 seconds", "missed in sales"),
    ),
    row("direction", "inbound", {"direction": ["INBOUND"]}, ("first second", "missed in sales"), ("outbound",)),
    row("direction", "outbound", {"direction": ["OUTBOUND"]}, ("outbound", "click to call"), ("first second",)),
    row(
        "services",
        "Click to Call,Broadcast",
        {"services": ["Click to Call", "Broadcast"]},
        ("click to call", "of the broadcast"),
        ("outbound", "first second"),
    ),
    row("services", "agent", {"services": ["agent"]}, ("click to call", "outbound"), ("first second",)),
    row("broadcast", "true", {"broadcast": True}, ("of the broadcast", "of another broadcast"), ("outbound",)),
    row("broadcast", "false", {"broadcast": False}, ("outbound", "missed in sales"), ("of the broadcast",)),
    row("broadcast", "3432", {"broadcasts": ["3432"]}, ("of the broadcast",), ("of another broadcast", "outbound")),
    # The DID was dialled, or is what the client saw calling.
    row(
        "did_number",
        DID,
        {"or": [{"dialedNumber": {"equals": DID}}, {"callerNumber": {"equals": DID}}]},
        ("first second", "outbound"),
        ("missed, busy", "outbound over the other line"),
    ),
)


def vendor(provider: Provider, parameters: dict[str, str], rows: tuple[Row, ...]) -> Vendor:
    """A vendor of the family with its own way to write what both can ask."""
    body = {"count": len(RECORDS), "results": list(RECORDS.values())}
    return Vendor(provider, parameters, RECORDS, body, SHARED_ROWS + rows, INSTEAD)
