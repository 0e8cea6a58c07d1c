"""The demo's calls as Callcap's search tells them: campaigns, call takers, and analysts' reviews some hours later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.demo.conversation import Conversation
from app.demo.dice import dice

_MAIN_NUMBER = "773-555-0190"
_REVIEWED = 0.65  # share of the answered calls that analysts work on
_BLOCKED = 0.3  # of the unanswered callers who hide their number
_POSITIVE, _NEGATIVE, _NEUTRAL = (
    {"label": word, "id": id} for id, word in enumerate(("Positive", "Negative", "Neutral"), 1)
)
# Major and minor verdict by what the call was about.
_VERDICTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Trek enquiry": (_POSITIVE, {"label": "Itinerary Requested", "id": 54800001, "tag": "itineraryRequested"}),
    "New booking": (_POSITIVE, {"label": "Trek Booked", "id": 54800002, "tag": "trekBooked"}),
    "Gear order": (_POSITIVE, {"label": "Gear Sold", "id": 54800003, "tag": "gearSold"}),
    "Price question": (_NEGATIVE, {"label": "Price Too High", "id": 54800004, "tag": "priceTooHigh"}),
    "Complaint": (_NEGATIVE, {"label": "Service Complaint", "id": 54800005, "tag": "serviceComplaint"}),
    "Refund": (_NEGATIVE, {"label": "Booking Cancelled", "id": 54800006, "tag": "bookingCancelled"}),
    "Wrong number": (_NEUTRAL, {"label": "Wrong Number", "id": 54800007, "tag": "wrongNumber"}),
}
_OTHER_VERDICT = (_NEUTRAL, {"label": "Existing Customer", "id": 54800008, "tag": "existingCustomer"})
_REASONS = (
    ({"label": "Offered a later date", "id": 111, "opportunity": True}, {"label": "Saved", "id": 1}),
    ({"label": "Booked elsewhere", "id": 112, "opportunity": True}, {"label": "Lost", "id": 2}),
    ({"label": "Could not be reached", "id": 113, "opportunity": False}, {"label": "Lost", "id": 2}),
)


@dataclass(frozen=True, slots=True)
class _Campaign:
    id: int
    name: str
    medium: str
    medium_type: str
    tracking_number: str
    division: tuple[int, str]
    location: tuple[int, str]


_MIDWEST, _WEST = (1669, "Midwest"), (1670, "West")
_CHICAGO, _DENVER, _PORTLAND = (222201, "Chicago store"), (222202, "Denver store"), (222203, "Portland store")
_CAMPAIGNS = (
    _Campaign(111101, "Website", "Website", "Online", "866-555-0101", _MIDWEST, _CHICAGO),
    _Campaign(111102, "Search ads", "Paid Search", "Online", "866-555-0102", _MIDWEST, _CHICAGO),
    _Campaign(111103, "Spring brochure", "Brochure", "Collateral", "866-555-0103", _WEST, _DENVER),
    _Campaign(111104, "Trail magazine", "Magazine", "Print", "866-555-0104", _WEST, _DENVER),
    _Campaign(111105, "Podcast", "Podcast", "Audio", "866-555-0105", _WEST, _PORTLAND),
)
_CAMPAIGN_WEIGHTS = (38, 27, 14, 11, 10)
_CALL_BACKS = _Campaign(111106, "Call-backs", "Outbound", "Phone", _MAIN_NUMBER, _MIDWEST, _CHICAGO)


def body(calls: Sequence[Conversation], now: datetime) -> Any:
    """The answer of a search with every detail. Reviews that analysts will only write after `now` are not in it."""
    zone = calls[0].office.locale.zone.key if calls else "UTC"
    return {
        "pagination": {"page": 1, "last_page": 1, "records_returned": len(calls), "total_records": len(calls)},
        "status": "success",
        "search": {"timezone": zone},
        "call": [_call(call, now) for call in calls],
    }


def _call(call: Conversation, now: datetime) -> dict[str, Any]:
    # What was known when the call ended has its own dice: it must not change when the review comes.
    told = _told(call, dice(call.luck))
    if not (call.answered and call.inbound):
        return told
    later = dice(call.luck, "review")
    reviewed_at = call.ended_at + timedelta(minutes=later.randint(20, 1_200))
    reviewed = later.random() < _REVIEWED and reviewed_at <= now
    return told | _findings(call, later, reviewed_at) if reviewed else told


def _told(call: Conversation, luck: Random) -> dict[str, Any]:
    """A call that nobody has worked on yet."""
    campaign = luck.choices(_CAMPAIGNS, _CAMPAIGN_WEIGHTS)[0] if call.inbound else _CALL_BACKS
    started, ended = call.written(call.started_at), call.written(call.ended_at)
    day, time = started.split()
    year, month, date = day.split("-")
    call_id = f"{campaign.location[0]}_23_{month}_{date}_{year}_{time}_{call.serial}"
    return {
        "call_id": call_id,
        "conversation_type": "call",
        "recording": f"https://callcap.example/recording/{call_id.replace(':', '_')}.mp3" if call.answered else "",
        "action": _action(call, luck),
        "start_datetime": started,
        "end_datetime": ended,
        "last_modified": ended,
        "duration": call.ring_seconds + call.talk_seconds,
        "rings": 1 + call.ring_seconds // 6,
        "revenue": 0,
        "caller": _caller(call),
        "callsurance": {"major": {"label": "Unworked", "id": 0}, "minor": {}, "csr": _call_taker(call)},
        "accounts": _accounts(call, campaign),
        **_web_visit(campaign, luck),
    }


def _action(call: Conversation, luck: Random) -> str:
    if call.answered:
        return "Answer"
    if not call.inbound:
        return "No Answer"
    return "Blocked" if call.contact is None and luck.random() < _BLOCKED else "Missed"


def _revenue(call: Conversation, luck: Random) -> float:
    if call.topic.name == "New booking":
        return float(luck.randrange(900, 4_800, 50))
    return float(luck.randrange(60, 420, 5)) if call.topic.name == "Gear order" else 0


def _hyphened(number: str) -> str:
    """A national number as Americans write it; one with a plus as it is."""
    return number if number.startswith("+") else f"{number[:3]}-{number[-7:-4]}-{number[-4:]}"


def _caller(call: Conversation) -> dict[str, Any]:
    """Who called: the contact, where it is an American one whom the carrier's directory knows."""
    if not call.inbound:
        return {"caller_id": _MAIN_NUMBER, "name": "Everpeak Journeys", "class": "Business"}
    if call.contact is None or call.number is None:
        return {"caller_id": "Anonymous", "name": "NF", "class": "NF", "address": "NF"}
    known = call.contact.country == "US"
    return {
        "caller_id": _hyphened(call.number),
        "name": call.contact.name if known else "NF",
        "class": "Residential" if known else "NF",
        "address": "NF",
        "city": call.contact.town.name if known else "NF",
        "state": call.contact.town.state if known else "NF",
        "zip": call.contact.town.postal_code if known else "NF",
    }


def _call_taker(call: Conversation) -> dict[str, Any]:
    """Who talked: whom an unanswered caller would have reached, the vendor does not know."""
    taker = call.agent if call.answered or not call.inbound else None
    return {"id": 1_122_000 + taker.number, "name": taker.name} if taker else {"id": 0, "name": None}


def _accounts(call: Conversation, campaign: _Campaign) -> dict[str, Any]:
    division, division_name = campaign.division
    location, location_name = campaign.location
    return {
        "corporate": {"id": 1, "name": "Everpeak Journeys"},
        "division": {"id": division, "name": division_name, "external_id": f"div{division}"},
        "location": {"id": location, "name": location_name, "external_id": f"loc{location}"},
        "campaign": {
            "id": campaign.id,
            "name": campaign.name,
            "medium": campaign.medium,
            "medium_type": campaign.medium_type,
            "callcap_number": campaign.tracking_number,
            "dialed_number": campaign.tracking_number if call.inbound else _hyphened(call.number or ""),
            "destination_number": _MAIN_NUMBER if call.inbound else _hyphened(call.number or ""),
            "direction": "inbound" if call.inbound else "outbound",
            "brand": "Everpeak",
        },
    }


def _findings(call: Conversation, luck: Random, reviewed_at: datetime) -> dict[str, Any]:
    """What analysts and machines make of a call: verdict, notes, sentiment, now and then a scorecard or a rescue."""
    major, minor = _VERDICTS.get(call.topic.name, _OTHER_VERDICT)
    stamp = f"{call.local(reviewed_at):%m/%d/%y %I:%M %p}"
    unhappy = major is _NEGATIVE
    return {
        "last_modified": call.written(reviewed_at),
        "revenue": _revenue(call, luck),
        "callsurance": {"major": major, "minor": minor, "csr": _call_taker(call)},
        "notes": f"-----{{Callsurance update: {stamp} Agent: Administrator}}----- {call.topic.note} {minor['label']}",
        "summaries": [{"type": "Outcome Focused", "text": call.topic.summary}],
        "sentiment": {
            "sentiment": "Negative" if unhappy else luck.choice(("Positive", "Neutral")),
            "view": "Negative" if unhappy else "Neutral",
            "view_reason": call.topic.summary,
            "satisfied": not unhappy,
            "frustrated": unhappy and luck.random() < 0.5,
            "concern_class": call.topic.name,
        },
        "scorecards": _scorecards(luck) if luck.random() < 0.3 else [],
        "callsaver": _callsaver(call, luck, reviewed_at) if unhappy and luck.random() < 0.4 else {},
    }


def _scorecards(luck: Random) -> list[dict[str, Any]]:
    questions = ("Did the agent say the company's name?", "Did the agent ask for the dates of the trek?")
    return [{"name": "Greeting", "results": [_result(question, luck.random() < 0.8) for question in questions]}]


def _result(question: str, yes: bool) -> dict[str, Any]:
    return {"question": question, "answers": [{"entry": yes, "value": 5 * yes, "max_value": 5.0, "min_value": 0.0}]}


def _callsaver(call: Conversation, luck: Random, reviewed_at: datetime) -> dict[str, Any]:
    reason, outcome = luck.choice(_REASONS)
    user = {"firstname": "Janet", "lastname": "Walsh", "email": "janet.walsh@everpeak.example"}
    return {"date": call.written(reviewed_at), "outcome": outcome, "reason": reason, "user": user}


def _web_visit(campaign: _Campaign, luck: Random) -> dict[str, Any]:
    if campaign.medium_type != "Online" or luck.random() < 0.5:
        return {}
    paid = campaign.medium == "Paid Search"
    device, system, browser = luck.choice(
        (("mobile", "Android", "Chrome"), ("mobile", "iOS", "Safari"), ("desktop", "Windows", "Edge"))
    )
    return {
        "webmatch": {
            "traffic_type": "paid" if paid else "organic",
            "search": luck.choice(("everest base camp trek", "nepal trekking company", "annapurna guide")),
            "referrer": "https://search.example/",
            "call_page": luck.choice(("https://everpeak.example/treks", "https://everpeak.example/contact")),
            "ad_group": "Nepal treks" if paid else "",
            "visitor": {"device": {"type": device}, "os": {"name": system}, "browser": {"name": browser}},
        }
    }
