"""Files that tests of the command line import, and what the store holds afterwards."""

import json
import sqlite3
from contextlib import closing
from typing import Any

from tests.builders import callcap_call, callyzer_call, cloudphone_record, voxcrow_row
from tests.cli.program import Program
from tests.sync.bodies import PROVIDERS

CSV = (PROVIDERS / "asterisk" / "payloads" / "smallcdr.csv").read_bytes()
EXCHANGE = (PROVIDERS / "asterisk" / "payloads" / "exchange.csv").read_bytes()  # 6 rows, the last line is cut off
ROWS = [voxcrow_row(phone_number=f"981100000{place}") for place in range(4)]
VOXCROW = json.dumps(ROWS)
SMARTFLO = json.dumps({"count": 2, "results": [cloudphone_record("a"), cloudphone_record("b")]})
CALLCAP = json.dumps({"status": "success", "search": {"timezone": "US/Central"}, "call": [callcap_call("a")]})
CALLYZER = json.dumps({"result": [callyzer_call("a")], "message": "Success"})
NOTHING = "read 0, new 0, updated 0, unchanged 0, rejected 0\n"
EMPTY = {"sources": 0, "calls": 0, "rejected_records": 0}
GENERIC = (PROVIDERS / "generic" / "payloads" / "records.json").read_text()
BODIES = {"generic": GENERIC, "voxcrow": VOXCROW, "smartflo": SMARTFLO, "callcap": CALLCAP, "callyzer": CALLYZER}


def voxcrow(*numbers: str, **fields: Any) -> str:
    """A body of Voxcrow with a row a number."""
    return json.dumps([voxcrow_row(phone_number=number, **fields) for number in numbers])


def held(switchboard: Program) -> dict[str, int]:
    """How many rows the store has of each."""
    with closing(sqlite3.connect(switchboard.folder / "switchboard.sqlite")) as store:
        tables = ("sources", "calls", "rejected_records")
        return {table: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
