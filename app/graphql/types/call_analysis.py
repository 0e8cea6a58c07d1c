"""CallAnalysis: who dialled, answered and talked the most, the longest call, and averages."""

from typing import Annotated, Any

import strawberry

from app.graphql.declare import column
from app.graphql.ready.compared import previous
from app.graphql.ready.nested import row_of
from app.graphql.types.agent import Agent
from app.graphql.types.call import Call
from app.graphql.types.figures import Figures, mean

CallAnalysisOrLater = Annotated["CallAnalysis", strawberry.lazy("app.graphql.types.call_analysis")]


@strawberry.type(description="The agent who has the most of something, and the figures of that agent's calls.")
class TopAgent(Figures):
    """A row of store.ready.call_analysis."""

    agent = row_of(Agent | None, "agents", "agent_id", "The agent; of equal ones, the one with the later last call.")


def _top(name: str, text: str) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root[name]

    return strawberry.field(
        resolver=resolve, graphql_type=TopAgent | None, description=f"{text}; null where nobody has any."
    )


@strawberry.type(description="Who dialled, answered and talked the most, the longest call, and averages.")
class CallAnalysis:
    """What store.ready.call_analysis tells."""

    total = column(int, "total", "All calls.")
    answered_inbound = column(int, "answered_inbound", "Inbound calls that were answered.")
    answered_outbound = column(int, "answered_outbound", "Outbound calls that were answered.")
    days = column(int, "days", "Days on which there were calls.")
    talk_seconds = column(int, "talk_seconds", "Seconds that were talked in all.")
    talk_seconds_per_call = mean(
        "talk_seconds", "total", "Seconds talked per call, whether answered or not; null without any."
    )
    talk_seconds_per_day = mean("talk_seconds", "days", "Seconds talked per day with calls; null without any.")
    calls_per_day = mean("total", "days", "Calls per day with calls; null without any.")
    talk_seconds_per_inbound_call = mean(
        "inbound_talk_seconds", "answered_inbound", "Seconds talked per answered inbound call; null without any."
    )
    talk_seconds_per_outbound_call = mean(
        "outbound_talk_seconds", "answered_outbound", "Seconds talked per answered outbound call; null without any."
    )
    top_dialer = _top("top_dialer", "Who made the most outbound calls")
    top_answerer = _top("top_answerer", "Who answered the most inbound calls")
    top_caller = _top("top_caller", "Who has the most calls")
    highest_total_talk = _top("highest_total_talk", "Who talked the longest in all")
    longest_call = row_of(
        Call | None, "calls", "longest_call_id", "The call that was talked on the longest; null where none was."
    )
    previous = previous(CallAnalysisOrLater, "The same of the earlier range")
