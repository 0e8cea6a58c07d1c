"""Callcap's dataset: calls at the edges of every range of time, and calls that differ in one thing each."""

from datetime import UTC, datetime
from typing import Any

from tests.builders import callcap_call

# A Wednesday in the middle of a month, 12:30 in the zone that the calls are asked for in.
NOW = datetime(2024, 5, 15, 17, 30, tzinfo=UTC)
ZONE = "US/Central"

# By the second, in the zone; each is the first moment of something, or the last moment before.
_STARTS = {
    "30 seconds ago": "2024-05-15 12:29:30",
    "3 minutes ago": "2024-05-15 12:27:00",
    "8 minutes ago": "2024-05-15 12:22:00",
    "20 minutes ago": "2024-05-15 12:10:00",
    "50 minutes ago": "2024-05-15 11:40:00",
    "70 minutes ago": "2024-05-15 11:20:00",
    "start of today": "2024-05-15 00:00:00",
    "end of yesterday": "2024-05-14 23:59:59",
    "start of yesterday": "2024-05-14 00:00:00",
    "end of Monday": "2024-05-13 23:59:59",
    "start of Sunday": "2024-05-12 00:00:00",
    "end of Saturday": "2024-05-11 23:59:59",
    "start of 9 May": "2024-05-09 00:00:00",
    "end of 8 May": "2024-05-08 23:59:59",
    "start of 1 May": "2024-05-01 00:00:00",
    "end of 30 April": "2024-04-30 23:59:59",
    "start of 16 April": "2024-04-16 00:00:00",
    "end of 15 April": "2024-04-15 23:59:59",
    "start of 1 April": "2024-04-01 00:00:00",
    "end of 31 March": "2024-03-31 23:59:59",
    "start of 15 February": "2024-02-15 00:00:00",
    "end of 14 February": "2024-02-14 23:59:59",
    "start of 1 January": "2024-01-01 00:00:00",
    "end of 31 December": "2023-12-31 23:59:59",
    "start of 15 November": "2023-11-15 00:00:00",
    "end of 14 November": "2023-11-14 23:59:59",
}
POSITIVE, NEGATIVE, NEUTRAL, FILTERED, UNWORKED = (
    {"major": {"label": label, "id": id}}
    for id, label in ((1, "Positive"), (2, "Negative"), (3, "Neutral"), (4, "Filtered"), (0, "Unworked"))
)
SAVED, LOST = ({"outcome": {"label": label, "id": id}} for id, label in ((1, "Saved"), (2, "Lost")))

# 7 is a division here and a location there, "north" the external id of a division and of a location.
_SAID: dict[str, dict[str, Any]] = {
    "of division 7": {"corporate": {"id": 1}, "division": {"id": 7, "external_id": "north"}, "location": {"id": 20}},
    "of location 7": {"corporate": {"id": 2}, "division": {"id": 8}, "location": {"id": 7, "external_id": "north"}},
    "of location 21": {"corporate": {"id": 1}, "division": {"id": 7}, "location": {"id": 21, "external_id": "south"}},
    "of campaign 7": {"campaign": {"id": 7, "name": "Spring mailing"}},
    "on a billboard": {"campaign": {"id": 112, "name": "Highway", "medium": "Billboard"}},
    "on a flyer": {"campaign": {"id": 113, "name": "Autumn mailing", "medium": "Flyer"}},
    "4 seconds": {"duration": 4},
    "5 seconds": {"duration": 5},
    "599 seconds": {"duration": 599},
    "600 seconds": {"duration": 600},
    "hours": {"duration": 9000},
    "missed": {"action": "Missed", "duration": 12},
    "busy": {"action": "Busy", "duration": 0},
    "blocked": {"action": "Blocked", "duration": 0},
    "in progress": {"action": "In Progress", "duration": None},
    "outbound": {"campaign": {"id": 114, "direction": "outbound", "destination_number": "316-555-0199"}},
    "outbound, missed": {"campaign": {"id": 114, "direction": "outbound"}, "action": "Missed"},
    "internal": {"campaign": {"id": 115, "direction": "internal"}},
    "text": {"conversation_type": "text"},
    "positive": {"callsurance": POSITIVE | {"csr": {"id": 1122, "name": "Frida Smith"}, "minor": {"id": 20}}},
    "positive, other minor": {"callsurance": POSITIVE | {"minor": {"id": 10}}},
    "negative": {"callsurance": NEGATIVE | {"csr": {"id": 1123, "name": "Nora Lind"}}},
    "neutral": {"callsurance": NEUTRAL},
    "filtered": {"callsurance": FILTERED},
    "unworked": {"callsurance": UNWORKED},
    "saved": {"callsurance": NEGATIVE, "callsaver": SAVED},
    "lost": {"callsurance": NEGATIVE, "callsaver": LOST},
    "change approved": {"callsurance": POSITIVE | {"change_request": {"status": "Approved"}}},
    "change denied": {"callsurance": POSITIVE | {"change_request": {"status": "Denied"}}},
    "change pending": {"callsurance": POSITIVE | {"change_request": {"status": "Pending"}}},
    "from the web site": {"webmatch": {"traffic_type": "organic"}},
    "by a click": {"callconnect": True},
    "with revenue": {"revenue": 129.5},
    "with the note": {"notes": "The caller would like an appointment about a leaking sink."},
    "from 316-832-5551": {"caller": {"caller_id": "316-832-5551", "name": "Zoe Adams"}},
    "internal, from 204": {"campaign": {"id": 115, "direction": "internal"}, "caller": {"caller_id": "204"}},
    "from 316-833-5551": {"caller": {"caller_id": "(316) 833-5551", "name": "Aaron Young"}},
    "rang 316-832-7777": {"campaign": {"id": 116, "destination_number": "316-832-7777"}},
    "rang 316-555-0155": {"campaign": {"id": 117, "destination_number": "316-555-0155"}},
    "imported as zyx321_xyz": {"import": {"reference_id": "zyx321_xyz"}},
    "imported as zyx321_xyz9": {"import": {"reference_id": "zyx321_xyz9"}},
    "changed at 10:29:59": {"last_modified": "2021-11-02 10:29:59"},
    "changed at 10:30": {"last_modified": "2021-11-02 10:30:00"},
    "changed at midnight": {"last_modified": "2021-11-02 00:00:00"},
    "changed at the last second": {"last_modified": "2021-11-02 23:59:59"},
    "changed a day later": {"last_modified": "2021-11-03 00:00:00"},
    "account B, B": {"corporate": {"id": 51, "name": "Bravo"}, "division": {"id": 62, "name": "Beta"}},
    "account A, Z": {"corporate": {"id": 52, "name": "Alpha"}, "division": {"id": 63, "name": "Zeta"}},
    "account B, A": {"corporate": {"id": 51, "name": "Bravo"}, "division": {"id": 61, "name": "alpha"}},
}
RECORDS = {name: callcap_call(name, start_datetime=start) for name, start in _STARTS.items()} | {
    name: callcap_call(name, **said) for name, said in _SAID.items()
}
BODY = {
    "pagination": {"page": 1, "last_page": 1, "records_returned": len(RECORDS), "show": 1000},
    "status": "success",
    "search": {"timezone": ZONE},
    "call": list(RECORDS.values()),
}
