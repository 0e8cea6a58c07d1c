"""What each parameter of Callcap's document selects, orders or pages; all of them belong to /v2/get/calls/."""

PARAMETERS: dict[str, str] = {
    "corporate_id": "One top-level account id: the calls of its campaigns. Without it no restriction.",
    "division_id": "Any number of second-level account ids: the calls of their campaigns. Without it no restriction.",
    "location_id": "Any number of third-level account ids: the calls of their campaigns. Without it no restriction.",
    "campaign_id": "Any number of campaign ids. Without it no restriction.",
    "search_range": (
        "One preset in the search's zone: today, yesterday, week (the current week, from Sunday), last7days, "
        "monthtodate, lastmonth, last30days, last3months, last6months, yeartodate, last1minutes, last5minutes, "
        "last10minutes, last30minutes, last60minutes; or custom (the default), which takes search_startdate and "
        "search_enddate."
    ),
    "search_startdate": (
        "yyyy-mm-dd in the search's zone: the earliest day, included; has to be before search_enddate. Default: "
        "one day back."
    ),
    "search_enddate": (
        "yyyy-mm-dd in the search's zone: the latest day, included; has to be after search_startdate. Default: today."
    ),
    "search_last_modified_start": (
        "yyyy-mm-dd HH:nn in the search's zone: the earliest last change, included; without a time, midnight at the "
        "start of the day. Without it no restriction."
    ),
    "search_last_modified_end": (
        "yyyy-mm-dd HH:nn in the search's zone: the latest last change, included; without a time, 23:59:59, so the "
        "whole day. Without it no restriction."
    ),
    "search_daysofweek": (
        "List of local weekdays by number: 1 is Sunday, 2 Monday, 3 Tuesday, 4 Wednesday, 5 Thursday, 6 Friday, "
        "7 Saturday. Without it no restriction."
    ),
    "search_timezone": (
        "One IANA name, such as US/Central: date ranges are compared in it and all times of the answer are written in "
        "it. Default: the login's zone, which is US/Central unless changed."
    ),
    "search_duration_min": (
        "Whole seconds: the shortest duration, included; has to be less than the maximum. Default 0."
    ),
    "search_duration_max": (
        "Whole seconds: the longest duration, included; has to be more than the minimum (the document has it the "
        "wrong way round). 600 or more means no maximum, as does leaving it out."
    ),
    "search_action": (
        "Any of, separated by commas: ans (answered), missed (not answered, through hang-up or a busy signal: our "
        "MISSED, BUSY and, of outbound calls, NO_ANSWER), blocked (the caller is on the blacklist), inprogress (not "
        "ended yet)."
    ),
    "search_feature": (
        "Calls with certain features, separated by commas: outbound (direction OUTBOUND), callsaver (label FEATURE "
        "RESCUE), webmatch (WEB_VISIT), callconnect (CLICK_TO_CALL), callsurance (REVIEW: an analyst worked on it)."
    ),
    "conversation_type": "all (the default), call (calls only) or text (text conversations only).",
    "search_medium": (
        "Media by numeric id, separated by commas. Answers name the medium without its id, so the graph selects by "
        "the name (label MEDIUM)."
    ),
    "search_major": (
        "Any of, separated by commas: 1 positive, 2 negative, 3 neutral, 4 filtered (the caller is on the review "
        "filter, so nobody worked on it), 0 unworked (not yet worked on, or reviews are off for the campaign)."
    ),
    "search_csr": "Call takers by numeric id, separated by commas (the agents' provider ids).",
    "search_callsaver_status": "Any of, separated by commas: 1 (saved), 2 (not saved).",
    "search_evaluation_change_status": "One state of the review's change request: approved, denied or pending.",
    "search_revenue_entered": "1: calls whose revenue was entered; 0: those without. Left out: both.",
    "search_term": (
        "Free text, looked for in the campaign's name, phone numbers, notes and other fields of the vendor's choice."
    ),
    "search_caller_id": (
        "The calling number or a part of it (316-832-555, 316-832, 316); everything but digits is ignored."
    ),
    "search_destination": (
        "The number that the call was connected to or a part of it (316-832-555, 316-832, 316); everything but "
        "digits is ignored."
    ),
    "search_reference_id": "One external reference of an imported call, text or number, compared as a whole.",
    "search_direction": "One of inbound, outbound, internal; default all.",
    "search_location_external_id": "One alphanumeric external id of a location.",
    "search_division_external_id": "One alphanumeric external id of a division.",
    "call_id": "The vendor's id of one call, alone: no other parameter counts. The same as /v2/get/calls/<call_id>/.",
    "order": (
        "newest (the default) or oldest by start; account (by the names of corporate, division, location, then "
        "campaign); callerid (by the calling number); callername (by the caller's name); callsurance (by the ids of "
        "the major, then of the minor verdict)."
    ),
    "page": "The page to show, from 1 (the default) to the answer's last_page.",
    "show": "Calls a page, 1 to 1000; default 50.",
    "detail": (
        "Which details each call has beside its basic ones, separated by commas: all (the default: everything but "
        "notes, demographics, scorecards, import, summaries and sentiment, which have to be named as well), notes, "
        "demographics, callsurance, webmatch, caller, accounts, scorecards, import, summaries, sentiment. In the "
        "graph the query's selection."
    ),
}
