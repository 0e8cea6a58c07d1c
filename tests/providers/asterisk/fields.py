"""Where each of the 18 columns of Asterisk's CSV is in the graph."""

from tests.providers.field_table import Place, Shown

# The recorded sample that has the values below, in its first call (`uniqueid` 1715235734.100, of two attempts).
# A path through a list, such as the legs, has the value of the first element that has any.
SAMPLE = "exchange.csv"

FIELDS: dict[str, Place] = {
    "accountcode": Shown("Call.cdr.accountCode", "sales"),
    "src": Shown("Call.phoneNumber", "+14155550123"),
    # In the sample an inbound call of a source of no region, so the number has no E.164 form.
    "dst": Shown("Call.dialedNumber", "4155550100"),
    "dcontext": Shown("Call.cdr.context", "from-pstn"),
    "clid": Shown("Call.cdr.callerId", '"Ada Example" <+14155550123>'),
    "channel": Shown("Call.cdr.channel", "PJSIP/northtrunk-0000001a"),
    "dstchannel": Shown("Call.cdr.destinationChannel", "SIP/1002-0000001c"),
    "lastapp": Shown("Call.cdr.lastApplication", "Dial"),
    "lastdata": Shown("Call.cdr.lastData", "SIP/1002,20,tT"),
    "start": Shown("Call.startedAt", "2024-05-09T06:22:14Z"),
    "answer": Shown("Call.answeredAt", "2024-05-09T06:22:40Z"),
    "end": Shown("Call.endedAt", "2024-05-09T06:23:10Z"),
    # One attempt's length is its ringing and its talk; the call's is from the first start to the last end.
    "duration": Shown("Call.durationSeconds", 56),
    "billsec": Shown("Call.talkSeconds", 30),
    "disposition": Shown("Call.providerStatus", "ANSWERED"),
    "amaflags": Shown("Call.cdr.amaFlags", "BILLING"),
    "uniqueid": Shown("Call.providerCallId", "1715235734.100"),
    "userfield": Shown("Call.cdr.userField", "ticket-7"),
}
