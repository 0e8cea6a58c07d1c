"""What each parameter of Voxcrow's document selects; keys start with the endpoint that takes the parameter."""

PARAMETERS: dict[str, str] = {
    "CallLogAPI.phone_number": (
        "Required: exactly one number. Selects the calls whose outside party (caller of an inbound, callee of an "
        "outbound call) has it, newest first."
    ),
    "CallLogAPI.start_date": (
        "YYYY-MM-DD: the first day, local and included. Given together with end_date or not at all; without both, the "
        "last 30 days. The vendor takes ranges of one month at most."
    ),
    "CallLogAPI.end_date": (
        "YYYY-MM-DD: the last day, local and included. Given together with start_date or not at all; without both, the "
        "last 30 days."
    ),
    "CallLogCountAPI.phone_number": (
        "Required: one number or several, separated by commas. One row of total, inbound and outbound counts for each."
    ),
    "CallLogCountAPI.start_date": (
        "YYYY-MM-DD: the first day counted, local and included. Given together with end_date or not at all; without "
        "both, the last 30 days. The vendor takes ranges of one month at most."
    ),
    "CallLogCountAPI.end_date": (
        "YYYY-MM-DD: the last day counted, local and included. Given together with start_date or not at all; without "
        "both, the last 30 days."
    ),
}
