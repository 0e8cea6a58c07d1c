"""Where each field of Callcap's document is in the graph."""

from tests.providers.field_table import Envelope, Kept, Place, Shown

# The recorded sample whose call has the values below: the document's own, with its blanks filled in.
SAMPLE = "search.json"

ANSWER: dict[str, Place] = {
    "pagination.page": Envelope("the cursor `after`"),
    "pagination.last_page": Envelope("pageInfo.hasNextPage"),
    "pagination.records_returned": Envelope("the number of `nodes`"),
    "pagination.show": Envelope("`first`"),
    "pagination.total_records": Envelope("totalCount"),
    "status": Envelope("`errors`, absent from an answer without any"),
    "search.timezone": Kept("the zone that the answer's local times are read in; the graph gives instants"),
}

CALL: dict[str, Place] = {
    "call[].call_id": Shown("Call.providerCallId", "123456_23_09_01_2020_09:07:15_12"),
    "call[].recording": Shown(
        "Call.recording.url", "https://app.callcap.com/recording/123456_23_09_01_2020_09_07_15_12.mp3"
    ),
    "call[].action": Shown("Call.providerStatus", "Answer"),
    "call[].start_datetime": Shown("Call.startedAt", "2020-09-01T14:07:15Z"),
    "call[].last_modified": Shown("Call.modifiedAt", "2021-11-02T00:10:46Z"),
    "call[].end_datetime": Shown("Call.endedAt", "2020-09-01T14:47:15Z"),
    "call[].dtmf": Shown("Call.dtmf", "123#"),
    "call[].import.reference_id": Shown("Call.labels.id", "abc123_xyz"),
    "call[].duration": Shown("Call.durationSeconds", 570),
    "call[].rings": Shown("Call.rings", 4),
    "call[].revenue": Shown("Call.revenue", 129.5),
    "call[].notes": Shown(
        "Call.notes",
        "-----{Callsurance update: 9/1/20 5:10 PM Agent: Administrator}----- CSR did not say name. "
        "The caller would like an appointment about a leaking sink. Positive/Plumbing Appt",
    ),
}

CALLER: dict[str, Place] = {
    "call[].caller.city": Shown("Call.callerProfile.city", "Wichita"),
    "call[].caller.class": Shown("Call.callerProfile.kind", "Residential"),
    "call[].caller.state": Shown("Call.callerProfile.state", "KS"),
    "call[].caller.name": Shown("Call.contact.name", "Jonas Doe"),
    "call[].caller.address": Shown("Call.contact.profile.address", "12 Elm Street"),
    "call[].caller.zip": Shown("Call.contact.profile.postalCode", "67202"),
    "call[].caller.caller_id": Shown("Call.callerNumber", "+13165550133"),
    # The document shows these six empty and does not say what is in them.
    "call[].demographics.person": Shown("Call.demographics.person", {"age_range": "45-54"}),
    "call[].demographics.demographics": Shown("Call.demographics.demographics", {"household_size": 3}),
    "call[].demographics.property": Shown("Call.demographics.property", {"year_built": 1978}),
    "call[].demographics.addresses": Shown("Call.demographics.addresses", [{"city": "Wichita"}]),
    "call[].demographics.emails": Shown("Call.demographics.emails", ["jonas@example.com"]),
    "call[].demographics.vehicles": Shown("Call.demographics.vehicles", [{"make": "Example Motors"}]),
}

INSIGHTS: dict[str, Place] = {
    "call[].sentiment.frustrated_reason": Shown("Call.sentiment.frustratedReason", "Waited in the queue"),
    "call[].sentiment.concern_class": Shown("Call.sentiment.concernClass", "Scheduling"),
    "call[].sentiment.sentiment": Shown("Call.sentiment.sentiment", "Neutral"),
    "call[].sentiment.frustrated": Shown("Call.sentiment.frustrated", False),
    "call[].sentiment.view_reason": Shown(
        "Call.sentiment.viewReason", "The caller wanted to confirm the time of an appointment."
    ),
    "call[].sentiment.view": Shown("Call.sentiment.view", "Neutral"),
    "call[].sentiment.satisfied": Shown("Call.sentiment.satisfied", True),
    "call[].summaries[].type": Shown("Call.summaries.kind", "Outcome Focused"),
    "call[].summaries[].text": Shown(
        "Call.summaries.text", "The caller asked for a visit. An appointment was made for the next morning."
    ),
    "call[].scorecards[].name": Shown("Call.scorecards.name", "Scorecard name"),
    "call[].scorecards[].results[].question": Shown(
        "Call.scorecards.results.question", "Did the CSR answer the phone with the Shop Name?"
    ),
    "call[].scorecards[].results[].answers[].entry": Shown("Call.scorecards.results.answers.entry", "true"),
    "call[].scorecards[].results[].answers[].value": Shown("Call.scorecards.results.answers.value", 8),
    "call[].scorecards[].results[].answers[].max_value": Shown("Call.scorecards.results.answers.maxValue", 8),
    "call[].scorecards[].results[].answers[].min_value": Shown("Call.scorecards.results.answers.minValue", 0),
    "call[].webmatch.ad_group": Shown("Call.webVisit.adGroup", "Cooling"),
    "call[].webmatch.creative_id": Shown("Call.webVisit.creativeId", "801"),
    "call[].webmatch.search": Shown("Call.webVisit.search", "air conditioning service and repair"),
    "call[].webmatch.keyword_id": Shown("Call.webVisit.keywordId", "902"),
    "call[].webmatch.ad_placement": Shown("Call.webVisit.adPlacement", "top"),
    "call[].webmatch.referrer": Shown(
        "Call.webVisit.referrer",
        "http://www.google.com/url?sa=t&rct=j&q=air conditioning service and repair"
        "&source=web&cd=4&url=http://www.example.com/",
    ),
    "call[].webmatch.traffic_type": Shown("Call.webVisit.trafficType", "organic"),
    "call[].webmatch.call_page": Shown("Call.webVisit.callPage", "http://www.example.com/"),
    "call[].webmatch.visitor.device.type": Shown("Call.webVisit.deviceType", "mobile"),
    "call[].webmatch.visitor.os.name": Shown("Call.webVisit.osName", "Android"),
    "call[].webmatch.visitor.os.version": Shown("Call.webVisit.osVersion", "4.4.2"),
    "call[].webmatch.visitor.browser.name": Shown("Call.webVisit.browserName", "Chrome"),
    "call[].webmatch.visitor.browser.version": Shown("Call.webVisit.browserVersion", "28.0.1500.94"),
}

CHANGE = "call[].callsurance.change_request"
REVIEWS: dict[str, Place] = {
    "call[].callsurance.major.label": Shown("Call.review.major.label", "Positive"),
    "call[].callsurance.major.id": Shown("Call.review.major.id", "1"),
    "call[].callsurance.minor.label": Shown("Call.review.minor.label", "Appointment Booked"),
    "call[].callsurance.minor.id": Shown("Call.review.minor.id", "54800000"),
    "call[].callsurance.csr.id": Shown("Call.review.callTaker.id", "0"),
    "call[].callsurance.csr.name": Shown("Call.agent.name", "Administrator"),
    f"{CHANGE}.status": Shown("Call.review.change.status", "Approved"),
    f"{CHANGE}.major.label": Shown("Call.review.change.major.label", "Positive"),
    f"{CHANGE}.major.id": Shown("Call.review.change.major.id", "1"),
    f"{CHANGE}.csr.id": Shown("Call.review.change.callTaker.id", "1122000"),
    f"{CHANGE}.csr.name": Shown("Call.review.change.callTaker.name", "Frida Smith"),
    f"{CHANGE}.original.csr.id": Shown("Call.review.change.originalCallTaker.id", "123000"),
    f"{CHANGE}.original.csr.name": Shown("Call.review.change.originalCallTaker.name", "Toni Jones"),
    f"{CHANGE}.original.major.label": Shown("Call.review.change.originalMajor.label", "Negative"),
    f"{CHANGE}.original.major.id": Shown("Call.review.change.originalMajor.id", "2"),
    f"{CHANGE}.original.minor.label": Shown("Call.review.change.originalMinor.label", "No sale"),
    f"{CHANGE}.original.minor.id": Shown("Call.review.change.originalMinor.id", "7654000"),
    f"{CHANGE}.original.minor.tag": Shown("Call.review.change.originalMinor.tag", "noSale"),
    f"{CHANGE}.customer.email": Shown("Call.review.change.customer.email", "melanie@example.com"),
    f"{CHANGE}.customer.name": Shown("Call.review.change.customer.name", "Melanie Chang"),
    f"{CHANGE}.minor.label": Shown("Call.review.change.minor.label", "Appointment Booked"),
    f"{CHANGE}.minor.id": Shown("Call.review.change.minor.id", "12345000"),
    f"{CHANGE}.minor.tag": Shown("Call.review.change.minor.tag", "appointmentBooked"),
    f"{CHANGE}.inaccuracy": Shown("Call.review.change.inaccuracy", "Callsurance Analyst Mistake"),
    "call[].callsaver.date": Shown("Call.rescue.rescuedAt", "2020-06-12T21:46:33Z"),
    "call[].callsaver.outcome.label": Shown("Call.rescue.outcome.label", "Lost"),
    "call[].callsaver.outcome.id": Shown("Call.rescue.outcome.id", "2"),
    "call[].callsaver.reason.label": Shown("Call.rescue.reason.label", "Customer repaired problem"),
    "call[].callsaver.reason.id": Shown("Call.rescue.reason.id", "111"),
    "call[].callsaver.reason.opportunity": Shown("Call.rescue.opportunity", True),
    "call[].callsaver.user.lastname": Shown("Call.rescue.user.name", "Janet Smith"),
    "call[].callsaver.user.firstname": Shown("Call.rescue.user.name", "Janet Smith"),
    "call[].callsaver.user.email": Shown("Call.rescue.user.email", "janet@example.com"),
}

CAMPAIGN = "call[].accounts.campaign"
ACCOUNTS: dict[str, Place] = {
    "call[].accounts.corporate.id": Shown("Call.corporate.providerUnitId", "1"),
    "call[].accounts.corporate.name": Shown("Call.corporate.name", "Example Corporate"),
    "call[].accounts.division.external_id": Shown("Call.division.externalId", "abc123"),
    "call[].accounts.division.id": Shown("Call.division.providerUnitId", "1669"),
    "call[].accounts.division.name": Shown("Call.division.name", "Midwest"),
    "call[].accounts.division.corporate_label": Shown("Call.division.label", "3555"),
    "call[].accounts.location.external_id": Shown("Call.location.externalId", "abc987"),
    "call[].accounts.location.id": Shown("Call.location.providerUnitId", "222222"),
    "call[].accounts.location.corporate_label": Shown("Call.location.label", "3556"),
    "call[].accounts.location.name": Shown("Call.location.name", "Example Location No. 3555"),
    f"{CAMPAIGN}.id": Shown("Call.campaign.providerUnitId", "111111"),
    f"{CAMPAIGN}.callcap_number": Shown("Call.campaign.campaign.trackingNumber.e164", "+18665550144"),
    f"{CAMPAIGN}.dialed_number": Shown("Call.dialedNumber", "+18665550146"),
    f"{CAMPAIGN}.destination_number": Shown("Call.destinationNumber", "+13165550155"),
    f"{CAMPAIGN}.ivr_option": Shown("Call.ivrOption", "2"),
    f"{CAMPAIGN}.medium": Shown("Call.campaign.campaign.medium", "Website"),
    f"{CAMPAIGN}.name": Shown("Call.campaignName", "Website number"),
    f"{CAMPAIGN}.line-memo": Shown("Call.campaign.campaign.lineMemo", "Memo"),
    f"{CAMPAIGN}.default_revenue_value": Shown("Call.campaign.campaign.defaultRevenue", 25),
    f"{CAMPAIGN}.medium_type": Shown("Call.campaign.campaign.mediumType", "Collateral"),
    f"{CAMPAIGN}.cost_per_piece_final": Shown("Call.campaign.campaign.costPerPiece", 0.01),
    f"{CAMPAIGN}.addtl_line_memo": Shown("Call.campaign.campaign.additionalLineMemo", "Second memo"),
    f"{CAMPAIGN}.cost_per_piece_est": Shown("Call.campaign.campaign.estimatedCostPerPiece", 0.02),
    f"{CAMPAIGN}.brand": Shown("Call.campaign.campaign.brand", "Brand"),
    f"{CAMPAIGN}.service_line": Shown("Call.campaign.campaign.serviceLine", "Service Line"),
    f"{CAMPAIGN}.target": Shown("Call.campaign.campaign.target", "Target"),
    f"{CAMPAIGN}.offer": Shown("Call.campaign.campaign.offer", "Offer/Coupon"),
    f"{CAMPAIGN}.direction": Shown("Call.direction", "INBOUND"),
}

FIELDS: dict[str, Place] = ANSWER | CALL | CALLER | INSIGHTS | REVIEWS | ACCOUNTS
