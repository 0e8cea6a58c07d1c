"""Voxcrow: calls with a number, and counts of them, by local days."""

from app.domain.sources import Provider
from tests.builders import voxcrow_row
from tests.graphql.vendor_parameters.words import Counts, Recalls, Selects, Sorts, Vendor
from tests.providers.voxcrow.parameters import PARAMETERS

RAM, SITA, HARI, NOBODY = "9811000001", "9822000002", "9833000003", "9844000004"
# Now is 1 June in Kathmandu; the last 30 days began on 3 May.
RECORDS = {
    "last second of 1 May": voxcrow_row(calldate="2024-05-01 23:59:59"),
    "first second of 2 May": voxcrow_row(calldate="2024-05-02 00:00:00"),
    "first second of 3 May": voxcrow_row(calldate="2024-05-03 00:00:00"),
    "last second of 31 May": voxcrow_row(calldate="2024-05-31 23:59:59", call_type="outbound"),
    "first second of 1 June": voxcrow_row(calldate="2024-06-01 00:00:00"),
    "with Sita": voxcrow_row(phone_number=SITA, calldate="2024-05-20 10:00:00", call_type="outbound"),
    "with Hari in March": voxcrow_row(phone_number=HARI, calldate="2024-03-20 10:00:00"),
    "from Ram's number to a colleague": voxcrow_row(calldate="2024-05-20 11:00:00", call_type="internal"),
}
MAY = {"from": "2024-05-02T00:00:00+05:45", "to": "2024-06-01T00:00:00+05:45"}

ROWS = (
    Selects(
        parameter="CallLogAPI.phone_number",
        value="phone_number=9811000001",
        filter={"phoneNumbers": [RAM], "period": "LAST_30_DAYS", "timezone": "Asia/Kathmandu"},
        selects=("first second of 1 June", "last second of 31 May"),
        leaves_out=("first second of 2 May", "with Sita", "from Ram's number to a colleague"),
    ),
    Recalls(
        parameter="CallLogAPI.phone_number",
        value="phone_number=9811000001",
        phone_number=RAM,
        filter={"timezone": "Asia/Kathmandu"},
        selects=("first second of 1 June", "last second of 31 May", "first second of 3 May"),
        leaves_out=("first second of 2 May", "last second of 1 May", "with Sita"),
    ),
    Sorts(
        parameter="CallLogAPI.phone_number",
        value="phone_number=9811000001&start_date=2024-05-02&end_date=2024-05-31",
        order_by=None,
        filter={"phoneNumbers": [RAM], "startedAt": MAY},
        names=("last second of 31 May", "first second of 3 May", "first second of 2 May"),
    ),
    Selects(
        parameter="CallLogAPI.start_date",
        value="start_date=2024-05-02&end_date=2024-05-31",
        filter={"phoneNumbers": [RAM], "startedAt": MAY},
        selects=("first second of 2 May",),
        leaves_out=("last second of 1 May", "with Sita"),
    ),
    Selects(
        parameter="CallLogAPI.end_date",
        value="start_date=2024-05-02&end_date=2024-05-31",
        filter={"phoneNumbers": [RAM], "startedAt": MAY},
        selects=("last second of 31 May",),
        leaves_out=("first second of 1 June", "with Sita"),
    ),
    Counts(
        parameter="CallLogCountAPI.phone_number",
        value="phone_number=9822000002,9811000001,9833000003,9844000004",
        filter={"timezone": "Asia/Kathmandu"},
        counts={SITA: (1, 0, 1), RAM: (3, 2, 1), HARI: (0, 0, 0), NOBODY: (0, 0, 0)},
    ),
    Counts(
        parameter="CallLogCountAPI.start_date",
        value="start_date=2024-05-02&end_date=2024-06-01",
        filter={"startedAt": {"from": "2024-05-02T00:00:00+05:45", "to": "2024-06-02T00:00:00+05:45"}},
        counts={RAM: (4, 3, 1)},
    ),
    Counts(
        parameter="CallLogCountAPI.end_date",
        value="start_date=2024-05-01&end_date=2024-05-31",
        filter={"startedAt": {"from": "2024-05-01T00:00:00+05:45", "to": "2024-06-01T00:00:00+05:45"}},
        counts={RAM: (4, 3, 1)},
    ),
    Counts(
        parameter="CallLogCountAPI.end_date",
        value="start_date=2024-03-01&end_date=2024-03-31",
        filter={"startedAt": {"from": "2024-03-01T00:00:00+05:45", "to": "2024-04-01T00:00:00+05:45"}},
        counts={RAM: (0, 0, 0), HARI: (1, 1, 0)},
    ),
)
VENDOR = Vendor(
    provider=Provider.VOXCROW,
    parameters=PARAMETERS,
    records=RECORDS,
    body=list(RECORDS.values()),
    rows=ROWS,
    instead={},
)
