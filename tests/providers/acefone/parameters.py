"""What Acefone's request parameters ask for; the graph's filters have to be able to say the same."""

PARAMETERS: dict[str, str] = {
    "from_date": "Calls that started at this local time, in the account's zone, or later.",
    "to_date": "Calls that started at this local time, in the account's zone, or earlier.",
    "page": "Which page of the answer, counted from 1.",
    "limit": "How many records a page has; 20 where it is left out, as the sample's answer shows.",
    "agents": "Calls of any of these agents; names are compared in lower case.",
    "department": "Calls that went through any of these departments, named by their ids; names in lower case.",
    "ivr": "Calls that went through any of these menus, named by their ids; names in lower case.",
    "call_type": "Calls of this type: answered or missed.",
    "callerid": "Calls whose outside party has this number, in either direction.",
    "destination": "Incoming calls that were directed to this number.",
    "direction": "inbound or outbound calls only.",
    "duration": "Calls whose total length in seconds compares with this number as `operator` says.",
    "operator": "How duration compares: greater, less, either with the number itself, or any other number.",
    "services": "Calls of any of these services, separated by commas.",
    "broadcast": "Whether calls of broadcasts are wanted; names in lower case.",
    "did_number": "Calls that ran over this number of the account (the DID).",
    "call_id": "The one call of this id; Smartflo's document has no such parameter.",
}
