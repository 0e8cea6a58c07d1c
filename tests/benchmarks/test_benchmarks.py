"""The benchmarks themselves: servers that answer the same, a round of load, and tables of what was found."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.scope import Scope
from app.graphql import ids
from tests.benchmarks import load, postgraphile, protection, tables
from tests.benchmarks.agreement import agree, differs
from tests.benchmarks.asking import Requests, WrongAnswerError
from tests.benchmarks.cold import cold_ratio
from tests.benchmarks.company import Company
from tests.benchmarks.rounds import Measured, Plan, measured
from tests.benchmarks.servers import FLOOR, OURS, STOCK, Kind, NotStartedError, Server, running
from tests.benchmarks.stores import on_postgresql, sqlite_store
from tests.benchmarks.workloads import BY_NAME, WORKLOADS

TINY = Company(2_000)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Ours, the floor and stock Strawberry on a tiny company."""
    folder = tmp_path_factory.mktemp("benchmarks")
    store: AbstractContextManager[str]
    if request.param == "sqlite":
        store = sqlite_store(folder, TINY)
    else:
        store = nullcontext(on_postgresql(request.getfixturevalue("postgresql"), TINY))
    with store as address, running((OURS, FLOOR, STOCK), address, folder) as found:
        yield found


def test_servers_answer_the_same(servers: list[Server]) -> None:
    agree(servers, WORKLOADS, TINY)


def test_a_server_that_answers_something_else_is_an_error(servers: list[Server]) -> None:
    def without_one(_: Any, data: Any) -> Any:
        return {"calls": {"nodes": data["calls"]["nodes"][1:]}}

    ours, floor, _ = servers
    wrong = replace(floor, kind=replace(floor.kind, told=without_one))
    with pytest.raises(WrongAnswerError, match=r"page: ours and floor differ in data\.calls\.nodes"):
        agree([ours, wrong], [BY_NAME["page"]], TINY)


def test_an_error_is_no_answer(servers: list[Server]) -> None:
    ours = replace(servers[0], headers={"content-type": "application/json"})
    with pytest.raises(WrongAnswerError, match="ours answered 401"):
        agree([ours], [BY_NAME["tiny"]], TINY)


def test_every_server_is_measured_in_every_round(servers: list[Server]) -> None:
    said: list[str] = []
    plan = Plan(TINY, [BY_NAME["page"], BY_NAME["tiny"]], [1, 4], 2, 1, said.append, _a_few)
    found = list(measured("sqlite", servers, plan))
    assert len(said) == plan.laps * 3
    assert [(one.workload, one.connections, len(one.rounds)) for one in found] == [
        ("page", 1, 2), ("page", 4, 2), ("tiny", 1, 2), ("tiny", 4, 2),
    ]  # fmt: skip
    assert all(rate > 0 for one in found for rates in one.rounds for rate in rates.values())


def _a_few(requests: Requests, connections: int, seconds: float, usual: float, seed: int) -> float:
    return load.counted(requests, connections, 8, seed)


def test_a_new_document_is_answered_by_both_sides(servers: list[Server]) -> None:
    ours, _, stock = servers
    assert cold_ratio(ours, stock, BY_NAME["tiny"], TINY) > 0


def test_the_ratio_is_worked_out_within_each_round() -> None:
    rounds = [{"ours": 100, "floor": 200}, {"ours": 10, "floor": 40}, {"ours": 90, "floor": 100}]
    found = Measured("postgresql", 16, "page", rounds)
    assert found.ratio("ours", "floor") == 0.5
    assert found.ratio("ours", "stock") is None
    assert tables.ratios([found]).splitlines() == [
        "| PostgreSQL, 16 at once | page |",
        "| --- | ---: |",
        "| of the hand-written floor | 0.50 |",
        "| our requests a second | 90 |",
    ]


def test_what_the_floor_reaches_stands_beside_what_we_do() -> None:
    found = Measured("sqlite", 1, "tiny", [{"ours": 100, "floor": 200, "stock": 10}])
    assert "| times stock Strawberry | 10 (20) |" in tables.ratios([found]).splitlines()
    alone = Measured("sqlite", 1, "tiny", [{"ours": 100, "stock": 50}])
    assert "| times stock Strawberry | 2.00 |" in tables.ratios([alone]).splitlines()


def test_what_protection_costs_is_told_by_medians_of_each_kind_of_viewer() -> None:
    waiting = {protection.TOKEN: [1.0, 1.02, 9.0], protection.MASKED: [1.1, 1.1, 1.2]}
    worked = {protection.TOKEN: [1.04], protection.MASKED: [1.3]}
    found = protection.table("sqlite", [BY_NAME["page"]], [protection.Found(waiting, worked)])
    assert found.splitlines()[2:] == [
        "| a token, access log, cost and budget | 1.02 (1.04) |",
        "| the same, limited to a source and masked | 1.10 (1.30) |",
    ]
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert "other" in tables.put_into(readme, "other", protection.MARK).partition(protection.MARK)[2]


def test_the_readme_has_a_place_for_the_tables() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    written = tables.put_into(tables.put_into(readme, "first"), "second")
    assert tables.put_into(written, "first") == tables.put_into(readme, "first")
    assert written.startswith(readme[: readme.index(tables.BEGIN)])
    assert written.endswith(readme[readme.index(tables.END) :])
    assert "second" in written
    assert "first" not in written.partition(tables.BEGIN)[2].partition(tables.END)[0]


def test_instants_may_be_written_in_any_way_and_nothing_else_may() -> None:
    written = {"startedAt": "2024-05-09T06:22:14Z", "id": "x"}
    assert not differs(written, {"startedAt": "2024-05-09T06:22:14.000+00:00", "id": "x"})
    assert not differs(written, {"startedAt": 1715235734000, "id": "x"})
    assert differs([written], [{**written, "id": "y"}]) == "in data[0].id: x and y"
    assert differs([written], []).startswith("in data: ")
    assert differs(written, {"id": "x"}).startswith("in data: ")


def test_postgraphile_is_asked_by_keys_and_understood() -> None:
    scope, workload = Scope("main"), BY_NAME["tiny"]
    id = TINY.call_id(7)
    asked = postgraphile.asked(workload, {"id": ids.encode("Call", scope, id)})
    assert asked["variables"] == {"id": id}
    theirs = base64.b64encode(json.dumps(["Call", "main", id]).encode()).decode()
    told = postgraphile.told(workload, {"call": {"id": theirs, "startedAt": "1715235734000", "direction": "INBOUND"}})
    assert told == {"call": {"id": ids.encode("Call", scope, id), "startedAt": 1715235734000, "direction": "INBOUND"}}


def test_without_wrk_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert load.missing() == "The load comes from wrk, which is not here. Install it: apt install wrk"


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    def broken(_: str, __: Path) -> Sequence[str]:
        return "sh", "-c", "echo no such store >&2; exit 1"

    with pytest.raises(NotStartedError, match="no such store"), running([Kind("broken", "", broken)], "", tmp_path):
        pass
