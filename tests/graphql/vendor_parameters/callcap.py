"""Callcap: calls by account, time, length, ending, review, number and text, in five orders."""

from app.domain.sources import Provider
from tests.graphql.vendor_parameters.callcap_calls import BODY, NOW, RECORDS, ZONE
from tests.graphql.vendor_parameters.words import Filter, Instead, Names, Row, Selects, Sorts, Vendor
from tests.providers.callcap.parameters import PARAMETERS

MAY_14 = {"from": "2024-05-14T00:00:00-05:00", "to": "2024-05-16T00:00:00-05:00"}


def _row(parameter: str, value: str, filter: Filter, selects: Names, leaves_out: Names) -> Selects:
    return Selects(parameter, f"{parameter}={value}", filter, selects, leaves_out)


def _range(preset: str, period: str, selects: Names, leaves_out: Names) -> Selects:
    return _row("search_range", preset, {"period": period, "timezone": ZONE}, selects, leaves_out)


ACCOUNTS: tuple[Row, ...] = (
    _row(
        "corporate_id",
        "1",
        {"orgUnit": {"kinds": ["CORPORATE"], "providerIds": ["1"]}},
        ("of division 7", "of location 21"),
        ("of location 7", "missed"),
    ),
    _row(
        "division_id",
        "7,9",
        {"orgUnit": {"kinds": ["DIVISION"], "providerIds": ["7", "9"]}},
        ("of division 7", "of location 21"),
        ("of location 7", "of campaign 7"),
    ),
    _row(
        "location_id",
        "7,20",
        {"orgUnit": {"kinds": ["LOCATION"], "providerIds": ["7", "20"]}},
        ("of location 7", "of division 7"),
        ("of location 21", "of campaign 7"),
    ),
    _row(
        "campaign_id",
        "7",
        {"orgUnit": {"kinds": ["CAMPAIGN"], "providerIds": ["7"]}},
        ("of campaign 7",),
        ("of division 7", "of location 7", "missed"),
    ),
    _row(
        "campaign_id",
        "7",
        {"and": [{"campaigns": ["7"]}, {"orgUnitProviderIds": ["7"]}]},
        ("of campaign 7",),
        ("of division 7", "of location 7"),
    ),
    _row(
        "search_location_external_id",
        "north",
        {"orgUnit": {"kinds": ["LOCATION"], "externalIds": ["north"]}},
        ("of location 7",),
        ("of division 7", "of location 21"),
    ),
    _row(
        "search_division_external_id",
        "north",
        {"orgUnit": {"kinds": ["DIVISION"], "externalIds": ["north"]}},
        ("of division 7", "of location 21"),
        ("of location 7", "missed"),
    ),
)
TIMES: tuple[Row, ...] = (
    _range("today", "TODAY", ("start of today", "30 seconds ago"), ("end of yesterday",)),
    _range("yesterday", "YESTERDAY", ("start of yesterday", "end of yesterday"), ("start of today", "end of Monday")),
    _range("week", "THIS_WEEK", ("start of Sunday", "30 seconds ago"), ("end of Saturday",)),
    _range("last7days", "LAST_7_DAYS", ("start of 9 May", "start of today"), ("end of 8 May",)),
    _range("monthtodate", "MONTH_TO_DATE", ("start of 1 May", "start of today"), ("end of 30 April",)),
    _range(
        "lastmonth",
        "LAST_MONTH",
        ("start of 1 April", "end of 30 April"),
        ("end of 31 March", "start of 1 May"),
    ),
    _range("last30days", "LAST_30_DAYS", ("start of 16 April", "start of today"), ("end of 15 April",)),
    _range("last3months", "LAST_3_MONTHS", ("start of 15 February", "start of today"), ("end of 14 February",)),
    _range("last6months", "LAST_6_MONTHS", ("start of 15 November", "start of today"), ("end of 14 November",)),
    _range("yeartodate", "YEAR_TO_DATE", ("start of 1 January", "start of today"), ("end of 31 December",)),
    _range("last1minutes", "LAST_1_MINUTE", ("30 seconds ago",), ("3 minutes ago",)),
    _range("last5minutes", "LAST_5_MINUTES", ("3 minutes ago",), ("8 minutes ago",)),
    _range("last10minutes", "LAST_10_MINUTES", ("8 minutes ago",), ("20 minutes ago",)),
    _range("last30minutes", "LAST_30_MINUTES", ("20 minutes ago",), ("50 minutes ago",)),
    _range("last60minutes", "LAST_60_MINUTES", ("50 minutes ago",), ("70 minutes ago",)),
    _row(
        "search_range",
        "custom&search_startdate=2024-05-14&search_enddate=2024-05-15",
        {"startedAt": MAY_14},
        ("start of yesterday", "30 seconds ago"),
        ("end of Monday",),
    ),
    _row("search_startdate", "2024-05-14", {"startedAt": MAY_14}, ("start of yesterday",), ("end of Monday",)),
    # The last day is included whole.
    _row(
        "search_enddate",
        "2024-05-14",
        {"startedAt": {"from": "2024-05-12T00:00:00-05:00", "to": "2024-05-15T00:00:00-05:00"}},
        ("end of yesterday", "start of Sunday"),
        ("start of today", "end of Saturday"),
    ),
    _row(
        "search_last_modified_start",
        "2021-11-02 10:30",
        {"modifiedAt": {"from": "2021-11-02T10:30:00-05:00"}},
        ("changed at 10:30", "changed a day later"),
        ("changed at 10:29:59", "changed at midnight", "missed"),
    ),
    _row(
        "search_last_modified_start",
        "2021-11-02",
        {"modifiedAt": {"from": "2021-11-02T00:00:00-05:00"}},
        ("changed at midnight", "changed at 10:30"),
        ("missed",),
    ),
    _row(
        "search_last_modified_end",
        "2021-11-02 10:30",
        {"modifiedAt": {"to": "2021-11-02T10:30:01-05:00"}},
        ("changed at 10:30", "changed at 10:29:59", "missed"),
        ("changed at the last second",),
    ),
    _row(
        "search_last_modified_end",
        "2021-11-02",
        {"modifiedAt": {"to": "2021-11-03T00:00:00-05:00"}},
        ("changed at the last second", "missed"),
        ("changed a day later",),
    ),
    # Days are those of the zone: the end of Saturday there is Sunday in UTC.
    _row(
        "search_daysofweek",
        "1,7",
        {"weekdays": ["SUNDAY", "SATURDAY"], "timezone": ZONE},
        ("start of Sunday", "end of Saturday", "end of 31 March"),
        ("end of Monday", "start of today", "start of 1 May"),
    ),
    _row(
        "search_daysofweek",
        "1",
        {"weekdays": ["SUNDAY"], "timezone": ZONE},
        ("start of Sunday", "end of 31 March"),
        ("end of Saturday", "end of Monday"),
    ),
    _row(
        "search_timezone",
        "US/Hawaii&search_range=yesterday",
        {"period": "YESTERDAY", "timezone": "US/Hawaii"},
        ("end of yesterday", "start of today"),
        ("start of yesterday", "3 minutes ago"),
    ),
    _row(
        "search_timezone",
        "US/Eastern&search_daysofweek=1",
        {"weekdays": ["SUNDAY"], "timezone": "US/Eastern"},
        ("start of Sunday", "end of Saturday"),
        ("end of 31 March", "end of Monday"),
    ),
)
ENDINGS: tuple[Row, ...] = (
    _row("search_duration_min", "5", {"durationSeconds": {"gte": 5}}, ("5 seconds", "hours"), ("4 seconds", "busy")),
    _row(
        "search_duration_max",
        "599",
        {"durationSeconds": {"gte": 5, "lte": 599}},
        ("599 seconds", "5 seconds"),
        ("600 seconds", "4 seconds"),
    ),
    # 600 or more means no maximum.
    _row(
        "search_duration_max",
        "600",
        {"durationSeconds": {"gte": 5}},
        ("599 seconds", "600 seconds", "hours"),
        ("4 seconds",),
    ),
    _row("search_action", "ans", {"outcome": ["ANSWERED"]}, ("hours", "positive"), ("missed", "in progress")),
    _row(
        "search_action",
        "missed",
        {"outcome": ["MISSED", "BUSY", "NO_ANSWER"]},
        ("missed", "busy", "outbound, missed"),
        ("hours", "blocked", "in progress"),
    ),
    _row("search_action", "blocked", {"outcome": ["BLOCKED"]}, ("blocked",), ("missed", "busy", "hours")),
    _row("search_action", "inprogress", {"outcome": ["IN_PROGRESS"]}, ("in progress",), ("missed", "hours")),
    _row(
        "search_action",
        "ans,inprogress",
        {"outcome": ["ANSWERED", "IN_PROGRESS"]},
        ("hours", "in progress"),
        ("missed", "blocked"),
    ),
    _row("conversation_type", "text", {"kind": ["TEXT"]}, ("text",), ("hours", "missed")),
    _row("conversation_type", "call", {"kind": ["CALL"]}, ("hours", "missed"), ("text",)),
    _row(
        "conversation_type",
        "all",
        {"kind": ["CALL", "TEXT"], "providerCallIds": ["text", "hours"]},
        ("hours", "text"),
        ("missed",),
    ),
    _row("search_direction", "inbound", {"direction": ["INBOUND"]}, ("missed", "hours"), ("outbound", "internal")),
    _row("search_direction", "outbound", {"direction": ["OUTBOUND"]}, ("outbound",), ("hours", "internal")),
    _row("search_direction", "internal", {"direction": ["INTERNAL"]}, ("internal",), ("hours", "outbound")),
)
WORK: tuple[Row, ...] = (
    _row("search_feature", "outbound", {"direction": ["OUTBOUND"]}, ("outbound",), ("hours", "internal")),
    _row("search_feature", "callsaver", {"features": ["RESCUE"]}, ("saved", "lost"), ("negative", "hours")),
    _row("search_feature", "webmatch", {"features": ["WEB_VISIT"]}, ("from the web site",), ("by a click", "hours")),
    _row("search_feature", "callconnect", {"features": ["CLICK_TO_CALL"]}, ("by a click",), ("outbound", "hours")),
    _row(
        "search_feature",
        "callsurance",
        {"features": ["REVIEW"]},
        ("positive", "negative", "neutral"),
        ("filtered", "unworked", "hours"),
    ),
    _row(
        "search_feature",
        "outbound,webmatch",
        {"or": [{"direction": ["OUTBOUND"]}, {"features": ["WEB_VISIT"]}]},
        ("outbound", "from the web site"),
        ("by a click", "hours"),
    ),
    _row("search_medium", "31,32", {"mediums": ["billboard", "Radio"]}, ("on a billboard",), ("on a flyer", "hours")),
    _row("search_major", "1", {"reviews": ["POSITIVE"]}, ("positive",), ("negative", "neutral", "unworked", "hours")),
    _row("search_major", "2,3", {"reviews": ["NEGATIVE", "NEUTRAL"]}, ("negative", "neutral"), ("positive", "hours")),
    _row("search_major", "4", {"reviews": ["FILTERED"]}, ("filtered",), ("positive", "unworked", "hours")),
    _row(
        "search_major",
        "0",
        {"reviews": ["UNWORKED"]},
        ("unworked", "hours"),
        ("positive", "negative", "neutral", "filtered"),
    ),
    _row("search_csr", "1122,9", {"providerAgentIds": ["1122", "9"]}, ("positive",), ("negative", "hours")),
    _row("search_callsaver_status", "1", {"rescues": ["SAVED"]}, ("saved",), ("lost", "negative")),
    _row("search_callsaver_status", "2", {"rescues": ["LOST"]}, ("lost",), ("saved", "negative")),
    _row("search_callsaver_status", "1,2", {"rescues": ["SAVED", "LOST"]}, ("saved", "lost"), ("negative", "hours")),
    _row(
        "search_evaluation_change_status",
        "approved",
        {"reviewChanges": ["APPROVED"]},
        ("change approved",),
        ("change denied", "change pending", "positive"),
    ),
    _row("search_evaluation_change_status", "denied", {"reviewChanges": ["DENIED"]}, ("change denied",), ("positive",)),
    _row(
        "search_evaluation_change_status",
        "pending",
        {"reviewChanges": ["PENDING"]},
        ("change pending",),
        ("change approved", "positive"),
    ),
    _row("search_revenue_entered", "1", {"revenueEntered": True}, ("with revenue",), ("hours", "missed")),
    _row("search_revenue_entered", "0", {"revenueEntered": False}, ("hours", "missed"), ("with revenue",)),
)
TEXTS: tuple[Row, ...] = (
    _row("search_term", "spring mail", {"search": "spring mail"}, ("of campaign 7",), ("on a flyer", "hours")),
    _row("search_term", "leaking", {"search": "leaking"}, ("with the note",), ("of campaign 7", "hours")),
    _row("search_term", "316-832", {"search": "316-832"}, ("from 316-832-5551",), ("from 316-833-5551", "hours")),
    _row("search_term", "zyx321_xyz9", {"search": "zyx321_xyz9"}, ("imported as zyx321_xyz9",), ("hours",)),
    *(
        _row(
            "search_caller_id",
            part,
            {"callerNumber": {"contains": part}},
            ("from 316-832-5551",),
            ("from 316-833-5551", "rang 316-832-7777"),
        )
        for part in ("316-832-555", "316-832", "(316) 832-5551", "3168325551", "832")
    ),
    _row(
        "search_caller_id",
        "316",
        {"callerNumber": {"contains": "316"}},
        ("from 316-832-5551", "from 316-833-5551"),
        ("internal, from 204",),
    ),
    *(
        _row(
            "search_destination",
            part,
            {"destinationNumber": {"contains": part}},
            ("rang 316-832-7777",),
            ("rang 316-555-0155", "from 316-832-5551"),
        )
        for part in ("316-832-777", "316-832", "316.832.7777")
    ),
    _row(
        "search_destination",
        "316",
        {"destinationNumber": {"contains": "316"}},
        ("rang 316-832-7777", "rang 316-555-0155", "outbound"),
        ("from 316-832-5551",),
    ),
    _row(
        "search_reference_id",
        "zyx321_xyz",
        {"references": ["zyx321_xyz"]},
        ("imported as zyx321_xyz",),
        ("imported as zyx321_xyz9", "hours"),
    ),
    _row("call_id", "missed", {"providerCallIds": ["missed"]}, ("missed",), ("outbound, missed", "hours")),
)


def _order(value: str, field: str | None, direction: str, names: Names) -> Sorts:
    """All records of these names, in this order; among equals the ids decide, so these differ."""
    order_by = None if field is None else {"field": field, "direction": direction}
    return Sorts("order", f"order={value}", order_by, {"providerCallIds": list(names)}, names)


ORDERS: tuple[Row, ...] = (
    _order("newest", None, "DESC", ("start of today", "end of yesterday", "start of yesterday", "start of 1 May")),
    _order(
        "oldest", "STARTED_AT", "ASC", ("start of 1 May", "start of yesterday", "end of yesterday", "start of today")
    ),
    _order("account", "ORGANISATION", "ASC", ("account A, Z", "account B, A", "account B, B")),
    _order("callerid", "CALLER_NUMBER", "ASC", ("hours", "from 316-832-5551", "from 316-833-5551")),
    _order("callername", "CALLER_NAME", "ASC", ("hours", "from 316-833-5551", "from 316-832-5551")),
    _order("callsurance", "REVIEW", "ASC", ("unworked", "positive, other minor", "positive", "negative", "neutral")),
)
VENDOR = Vendor(
    provider=Provider.CALLCAP,
    parameters=PARAMETERS,
    records=RECORDS,
    body=BODY,
    rows=ACCOUNTS + TIMES + ENDINGS + WORK + TEXTS + ORDERS,
    instead={
        "page": Instead("Query.calls(after:)", "cursors page: no row is skipped or repeated while calls come in"),
        "show": Instead("Query.calls(first:)", "how many rows a page has"),
        "detail": Instead("CallConnection.nodes", "the selection of the query says which details are wanted"),
    },
    now=NOW,
)
