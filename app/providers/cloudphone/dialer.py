"""Reads what the dialler knows of a campaign call: `dialer_call_details`, null for calls that it did not make."""

from app.domain.details import Dialer, Disposition, HoldTime
from app.domain.labels import Label, LabelKind, label
from app.providers.payload import Object, boolean, integer, mapping, present, seconds, text


def dialer_of(details: Object) -> Dialer | None:
    """The dialler's own view of the call: campaign, list, its timings and its verdicts."""
    if not details:
        return None
    dialer: Dialer | None = present(
        Dialer(
            call_type=text(details.get("call_type")),
            campaign_id=text(details.get("campaign_id")),
            campaign_name=text(details.get("campaign_name")),
            list_id=text(details.get("list_id")),
            list_name=text(details.get("list_name")),
            inbound_queue=text(details.get("inbound_queue")),
            customer_ring_seconds=seconds(details.get("customer_ring_time"), "customer_ring_time"),
            agent_talk_seconds=seconds(details.get("agent_talk_time"), "agent_talk_time"),
            total_seconds=seconds(details.get("total_call_duration"), "total_call_duration"),
            agent_call_durations=text(details.get("agent_call_duration")),
            hold_times=hold_times_of(details),
            dial_in_enabled=boolean(details.get("dialin_enabled")),
            dial_out_enabled=boolean(details.get("dialout_enabled")),
            extension_dialer=boolean(details.get("extension_dialer")),
            short_call=boolean(details.get("is_short_call")),
            sla_status=text(details.get("sla_status")),
            first_call_resolution=boolean(details.get("first_call_resolution")),
            feedback_rating=text(details.get("feedback_rating")),
            feedback_recording_type=text(details.get("feedback_recording_type")),
        )
    )
    return dialer


def hold_times_of(details: Object) -> tuple[HoldTime, ...]:
    """Hold time by agent: `agents_call_details` is an object keyed by the agents' ids."""
    return tuple(
        HoldTime(
            provider_agent_id=agent_id,
            seconds=seconds(mapping(held).get("hold_duration"), "hold_duration"),
            count=integer(mapping(held).get("hold_count")),
        )
        for agent_id, held in mapping(details.get("agents_call_details")).items()
    )


def disposition_of(details: Object) -> Disposition | None:
    """What the agent chose; null for a call that nobody disposed of."""
    if not details:
        return None
    disposition: Disposition | None = present(
        Disposition(
            id=text(details.get("disposition_id")),
            name=text(details.get("disposition_name")),
            code=text(details.get("disposition_code")),
            sub_id=text(details.get("sub_disposition_id")),
            sub_name=text(details.get("sub_disposition_name")),
            sub_code=text(details.get("sub_disposition_code")),
            seconds=seconds(details.get("disposition_duration"), "disposition_duration"),
        )
    )
    return disposition


def dialer_labels(details: Object) -> tuple[Label, ...]:
    """The campaign, the calling list, the queue and the dispositions as labels; a disposition's id is its code."""
    if not details:
        return ()
    return (
        *label(LabelKind.QUEUE, details.get("inbound_queue")),
        *label(LabelKind.CAMPAIGN, details.get("campaign_name"), details.get("campaign_id")),
        *label(LabelKind.LIST, details.get("list_name"), details.get("list_id")),
        *label(LabelKind.DISPOSITION, details.get("disposition_name"), details.get("disposition_code")),
        *label(LabelKind.DISPOSITION, details.get("sub_disposition_name"), details.get("sub_disposition_code")),
    )
