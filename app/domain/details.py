"""What only one vendor, or one kind of vendor, knows of a call: typed here, one JSON column in the store."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from app.domain.contacts import ContactProfile
from app.domain.frozen import quick
from app.domain.labels import Label
from app.domain.scope import Right


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The recording of a call."""

    url: Annotated[str | None, "Where the vendor keeps it; the graph shows a link of ours in its place."] = None
    provider_recording_id: Annotated[str | None, "The vendor's id of the recording."] = None
    voicemail: Annotated[bool | None, "Whether it is a voicemail rather than the conversation."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """What the agent closed the call with."""

    name: Annotated[str | None, "The wrap-up chosen."] = None
    note: Annotated[str | None, "The wrap-up's note."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """What became of the call, in the agent's choice from the campaign's list."""

    id: Annotated[str | None, "The vendor's id of the disposition."] = None
    name: Annotated[str | None, "Its name, such as `Undisposed`."] = None
    code: Annotated[str | None, "Its code, such as `UNDIS`."] = None
    sub_id: Annotated[str | None, "The vendor's id of the sub-disposition."] = None
    sub_name: Annotated[str | None, "The sub-disposition's name."] = None
    sub_code: Annotated[str | None, "The sub-disposition's code."] = None
    seconds: Annotated[int | None, "How long the agent took to choose."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """How and by whom the call was ended."""

    cause: Annotated[str | None, "The vendor's text of the cause, such as `Normal clearing`."] = None
    cause_code: Annotated[
        int | None, "The Q.850 code; 16 is a normal end and does not mean that the call was answered."
    ] = None
    reason: Annotated[str | None, "The vendor's reason, such as `disconnected_by_caller`."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """The outside number's carrier and telecom circle (India)."""

    carrier: Annotated[str | None, "The carrier, such as `Airtel India`."] = None
    circle: Annotated[str | None, "The telecom circle, such as `Delhi`."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTime:
    """How long and how often one agent put the caller on hold."""

    provider_agent_id: Annotated[str, "The vendor's id of the agent."]
    seconds: Annotated[int | None, "Seconds on hold."] = None
    count: Annotated[int | None, "Times put on hold."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Dialer:
    """What the vendor's dialler knows of a campaign call (Smartflo, Acefone)."""

    call_type: Annotated[str | None, "The dialler's word for the direction."] = None
    campaign_id: Annotated[str | None, "The vendor's id of the campaign."] = None
    campaign_name: Annotated[str | None, "The campaign's name."] = None
    list_id: Annotated[str | None, "The vendor's id of the calling list."] = None
    list_name: Annotated[str | None, "The calling list's name."] = None
    inbound_queue: Annotated[str | None, "The queue the call came in by."] = None
    customer_ring_seconds: Annotated[int | None, "How long the contact's phone rang."] = None
    agent_talk_seconds: Annotated[int | None, "How long the agent talked."] = None
    total_seconds: Annotated[int | None, "The dialler's own total, which may differ from the call's."] = None
    agent_call_durations: Annotated[str | None, "Seconds by agent, as the vendor writes it: `Jatin Verma: 31`."] = None
    hold_times: Annotated[tuple[HoldTime, ...], "Hold time by agent."] = ()
    dial_in_enabled: Annotated[bool | None, "Whether the campaign takes calls."] = None
    dial_out_enabled: Annotated[bool | None, "Whether the campaign makes calls."] = None
    extension_dialer: Annotated[bool | None, "Whether agents are reached by extension."] = None
    short_call: Annotated[bool | None, "Whether the vendor counts it as a short call."] = None
    sla_status: Annotated[
        str | None, "Whether the call was answered within the service level, in the vendor's words."
    ] = None
    first_call_resolution: Annotated[bool | None, "Whether the matter was settled in the first call."] = None
    feedback_rating: Annotated[str | None, "The contact's rating; null where none was given."] = None
    feedback_recording_type: Annotated[str | None, "What kind of feedback recording there is."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """The vendor's own address-book entry of the contact (Smartflo, Acefone)."""

    id: Annotated[str | None, "The vendor's id of the entry."] = None
    fields: Annotated[
        tuple[str, ...], "Its fields in the vendor's order: the number, then the name, then what the account added."
    ] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Cdr:
    """What an Asterisk call detail record says beside the call itself; of the row that was answered, else the last."""

    account_code: Annotated[str | None, "The channel's account code."] = None
    context: Annotated[str | None, "The dialplan context (`dcontext`)."] = None
    caller_id: Annotated[str | None, "The caller id with its text (`clid`)."] = None
    channel: Annotated[str | None, "The caller's channel."] = None
    destination_channel: Annotated[str | None, "The called party's channel (`dstchannel`)."] = None
    last_application: Annotated[str | None, "The last dialplan application (`lastapp`)."] = None
    last_data: Annotated[str | None, "Its arguments (`lastdata`)."] = None
    ama_flags: Annotated[str | None, "The accounting flag (`amaflags`): DOCUMENTATION, BILLING or OMIT."] = None
    user_field: Annotated[str | None, "What the dialplan put into `userfield`."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """What the vendor's analysis heard in the conversation (Callcap)."""

    sentiment: Annotated[str | None, "The overall sentiment, such as `Neutral`."] = None
    view: Annotated[str | None, "The caller's view of the company."] = None
    view_reason: Annotated[str | None, "Why it is thought so."] = None
    satisfied: Annotated[bool | None, "Whether the caller was satisfied."] = None
    frustrated: Annotated[bool | None, "Whether the caller was frustrated."] = None
    frustrated_reason: Annotated[str | None, "Why the caller was frustrated."] = None
    concern_class: Annotated[str | None, "What kind of concern it was."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One summary of the conversation (Callcap)."""

    kind: Annotated[str | None, "What the summary looks at, such as `Outcome Focused`."] = None
    text: Annotated[str | None, "The summary."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardAnswer:
    """One answer to a scorecard's question."""

    entry: Annotated[str | None, "The answer as text; yes/no answers are `true` or `false`."] = None
    value: Annotated[float | None, "Points given."] = None
    max_value: Annotated[float | None, "Points possible."] = None
    min_value: Annotated[float | None, "Least points possible."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardResult:
    """One question of a scorecard with its answers."""

    question: Annotated[str | None, "The question."] = None
    answers: Annotated[tuple[ScorecardAnswer, ...], "Its answers; several where several were ticked."] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """A scorecard filled in for the call (Callcap)."""

    name: Annotated[str | None, "The scorecard's name."] = None
    results: Annotated[tuple[ScorecardResult, ...], "Its questions."] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One choice of a review's list."""

    id: Annotated[
        str | None,
        "The vendor's id of the choice; for majors 1 positive, 2 negative, 3 neutral, 4 filtered, 0 unworked.",
    ] = None
    label: Annotated[str | None, "Its text."] = None
    tag: Annotated[str | None, "Its tag, such as `appointmentBooked`."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody a vendor names in a call's record without making them an agent."""

    id: Annotated[str | None, "The vendor's id of the person."] = None
    name: Annotated[str | None, "Name."] = None
    email: Annotated[str | None, "E-mail address."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChange:
    """A customer's request to change a review, with what it was before (Callsurance)."""

    status: Annotated[str | None, "Approved, denied or pending, in the vendor's word."] = None
    inaccuracy: Annotated[str | None, "Whose mistake it was."] = None
    major: Annotated[Verdict | None, "The major verdict asked for."] = None
    minor: Annotated[Verdict | None, "The minor verdict asked for."] = None
    call_taker: Annotated[Person | None, "The call taker asked for."] = None
    customer: Annotated[Person | None, "Who asked."] = None
    original_major: Annotated[Verdict | None, "The major verdict before."] = None
    original_minor: Annotated[Verdict | None, "The minor verdict before."] = None
    original_call_taker: Annotated[Person | None, "The call taker before."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An analyst's review of the call (Callcap's Callsurance)."""

    major: Annotated[Verdict | None, "The verdict: positive, negative, neutral, filtered."] = None
    minor: Annotated[Verdict | None, "What exactly came of the call, such as `Appointment Booked`."] = None
    call_taker: Annotated[Person | None, "Who took the call, as the analyst heard it; the call's agent."] = None
    change: Annotated[ReviewChange | None, "The change that was asked for; null where none was."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Rescue:
    """A negative call that somebody followed up (Callcap's Callsaver)."""

    rescued_at: Annotated[datetime | None, "When it was followed up."] = None
    outcome: Annotated[Verdict | None, "Saved or lost."] = None
    reason: Annotated[Verdict | None, "Why."] = None
    opportunity: Annotated[bool | None, "Whether there was something to win."] = None
    user: Annotated[Person | None, "Who followed up."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class WebVisit:
    """The visit to the company's web site that led to the call (Callcap's Webmatch)."""

    traffic_type: Annotated[str | None, "How the visitor came, such as `organic`."] = None
    search: Annotated[str | None, "What the visitor searched for."] = None
    referrer: Annotated[str | None, "The page the visitor came from."] = None
    call_page: Annotated[str | None, "The page the visitor called from."] = None
    ad_group: Annotated[str | None, "Advertisement group."] = None
    ad_placement: Annotated[str | None, "Advertisement placement."] = None
    creative_id: Annotated[str | None, "Id of the advertisement."] = None
    keyword_id: Annotated[str | None, "Id of the keyword paid for."] = None
    device_type: Annotated[str | None, "The visitor's device, such as `mobile`."] = None
    os_name: Annotated[str | None, "Its operating system."] = None
    os_version: Annotated[str | None, "The operating system's version."] = None
    browser_name: Annotated[str | None, "Its browser."] = None
    browser_version: Annotated[str | None, "The browser's version."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """What the vendor bought about the caller's household (Callcap); its inner shape is not documented."""

    person: Annotated[dict[str, Any], "About the person."]
    demographics: Annotated[dict[str, Any], "About the household."]
    property: Annotated[dict[str, Any], "About the home."]
    addresses: Annotated[tuple[Any, ...], "Addresses."] = ()
    emails: Annotated[tuple[Any, ...], "E-mail addresses."] = ()
    vehicles: Annotated[tuple[Any, ...], "Vehicles."] = ()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CallDetails:
    """Everything typed that is neither a column nor a relation; the graph shows each as a field of Call.

    A right beside a text is what it takes to see the field; without it, it is null or empty.
    """

    labels: Annotated[tuple[Label, ...], "The words the vendor sorts the call by, each with its kind."] = ()
    recording: Annotated[Recording | None, "The recording; null where there is none.", Right.RECORDINGS_READ] = None
    wrap_up: Annotated[WrapUp | None, "What the agent closed the call with.", Right.NOTES_READ] = None
    disposition: Annotated[Disposition | None, "What became of the call, in the agent's choice."] = None
    hangup: Annotated[Hangup | None, "How and by whom the call was ended."] = None
    circle: Annotated[Circle | None, "Carrier and telecom circle of the outside number."] = None
    dialer: Annotated[Dialer | None, "What the vendor's dialler knows; null for calls it did not make."] = None
    contact_card: Annotated[
        ContactCard | None, "The vendor's address-book entry of the contact.", Right.NUMBERS_READ
    ] = None
    caller_profile: Annotated[
        ContactProfile | None, "Who and where the caller was, as the vendor saw it on this call.", Right.INSIGHTS_READ
    ] = None
    cdr: Annotated[Cdr | None, "The rest of the Asterisk record.", Right.NUMBERS_READ] = None
    sentiment: Annotated[Sentiment | None, "What an analysis heard in the conversation.", Right.INSIGHTS_READ] = None
    summaries: Annotated[tuple[Summary, ...], "Summaries of the conversation.", Right.INSIGHTS_READ] = ()
    scorecards: Annotated[tuple[Scorecard, ...], "Scorecards filled in for the call.", Right.INSIGHTS_READ] = ()
    review: Annotated[
        Review | None, "An analyst's review; null for a call that nobody worked on.", Right.INSIGHTS_READ
    ] = None
    rescue: Annotated[Rescue | None, "The follow-up of a negative call.", Right.INSIGHTS_READ] = None
    web_visit: Annotated[WebVisit | None, "The web visit that led to the call."] = None
    demographics: Annotated[
        Demographics | None, "What the vendor bought about the caller's household.", Right.INSIGHTS_READ
    ] = None
    crm_status: Annotated[str | None, "The lead's status that the agent set with this call."] = None
    reminder_at: Annotated[datetime | None, "When to call back."] = None
    provider_lead_id: Annotated[str | None, "The vendor's id of the lead that was called."] = None
    provider_record_id: Annotated[str | None, "The vendor's id of the record, where it differs from the call's."] = None
    provider_trigger_id: Annotated[
        str | None, "The vendor's id that ties the triggers of one call together (`uuid`)."
    ] = None
    provider_account: Annotated[str | None, "The vendor's account that the call ran in."] = None
    provider_blocked_number_id: Annotated[
        str | None, "The vendor's id of the block-list entry that stopped the call."
    ] = None
    description: Annotated[str | None, "The vendor's sentence about the call."] = None
    detailed_description: Annotated[str | None, "The vendor's longer sentence about the call."] = None
    custom_status: Annotated[str | None, "The account's own status for the call."] = None
    call_hint: Annotated[str | None, "What started the call, in the vendor's word: `dialer`, `clicktocall`."] = None
    dtmf: Annotated[str | None, "The keys the caller pressed."] = None
    ivr_option: Annotated[str | None, "The option the caller took in the menu."] = None
    rings: Annotated[int | None, "How often it rang."] = None
    support_api_call: Annotated[bool | None, "Whether the vendor's support API made the call."] = None
    from_broadcast: Annotated[bool | None, "Whether the call answers a broadcast."] = None
    sip_agent_ids: Annotated[tuple[str, ...], "The vendor's ids of the SIP agents involved."] = ()
