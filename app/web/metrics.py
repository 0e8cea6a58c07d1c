"""Figures for Prometheus at /metrics. Labels are words of ours only: what a client names itself is never one."""

import secrets
from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.settings import Settings
from app.store.access_log import AccessLog
from app.store.database import Database
from app.store.retention import Removed
from app.store.statements import Statement
from app.web.tallies import Spread, Tally

_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_STATEMENT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 8)
# There are far fewer codes; should one ever hold something a client said, the label stays bounded all the same.
_MOST_CODES = 60
# Requests and statements are counted so many at a time, in a third of the time that each alone takes within its request.
_TOGETHER = 256
_OPERATIONS = {"query", "mutation", "subscription", "unknown", "other"}
_COMPILED = "compiled"
_BY_PLAN = (_COMPILED, "")

# A request that is over, as `Metrics.request` is told of it.
_Over = tuple[str, int, tuple[str, ...], str | None, str, float]


class Metrics:
    """The figures of one server. Reading them asks the store nothing, so that they can be had in an outage, too."""

    def __init__(self, database: Database) -> None:
        self._registry = CollectorRegistry()
        self._codes: set[str] = set()
        self._over: list[_Over] = []
        self._sent: list[Statement] = []
        ProcessCollector(registry=self._registry)
        self._requests = Tally(
            "switchboard_requests",
            "Requests, by kind of operation, HTTP status and the code of the first error, or OK.",
            ("operation", "status", "code"),
        )
        self._seconds = Spread(
            "switchboard_request_seconds", "Time to an answer, by kind of operation.", "operation", _REQUEST_SECONDS
        )
        self._rejected = Tally("switchboard_rejected", "Requests refused by a limit, by limit.", ("limit",))
        self._paths = Tally(
            "switchboard_operations",
            "Operations by the path that answered: compiled, or reference and why the engine stepped aside.",
            ("path", "reason"),
        )
        self._statements = Spread(
            "switchboard_sql_statement_seconds", "SQL statements, and the time each took.", "result", _STATEMENT_SECONDS
        )
        self._rows = Tally("switchboard_sql_rows", "Rows that the store returned.")
        for counted in (
            self._requests, self._seconds, self._rejected, self._paths, self._statements, self._rows,
        ):  # fmt: skip
            self._registry.register(counted)
        in_use = Gauge("switchboard_sql_connections_in_use", "Busy connections of the pool.", registry=self._registry)
        in_use.set_function(lambda: database.connections_in_use)
        self._removed = Counter(
            "switchboard_retention_removed", "Rows removed by retention, by kind.", ("kind",), registry=self._registry
        )
        self._retention_failures = Counter(
            "switchboard_retention_failures", "Rounds of retention that broke off.", registry=self._registry
        )
        self._retention_done = Gauge(
            "switchboard_retention_done_timestamp_seconds",
            "When this process last enforced retention to the end.",
            registry=self._registry,
        )
        pool = Gauge("switchboard_sql_connections_limit", "Connections the pool may have.", registry=self._registry)
        pool.set(database.pool_size)

    def request(
        self, operation: str, status: int, codes: tuple[str, ...], limit: str | None, path: str, seconds: float
    ) -> None:
        """Counts a request that is over, and the path that answered its operation, if it had one."""
        self._over.append((operation, status, codes, limit, path, seconds))
        if len(self._over) >= _TOGETHER:
            self._count_requests()

    def _count_requests(self) -> None:
        for over in self._over:
            self._count_request(*over)
        self._over.clear()

    def _count_request(
        self, operation: str, status: int, codes: tuple[str, ...], limit: str | None, path: str, seconds: float
    ) -> None:
        operation = operation if operation in _OPERATIONS else "other"
        self._requests.add((operation, str(status), self._known(codes[0]) if codes else "OK"))
        self._seconds.add(operation, seconds)
        if path == _COMPILED:  # nearly always
            self._paths.add(_BY_PLAN)
        elif path:
            way, _, reason = path.partition(": ")
            self._paths.add((way, self._known(reason)))
        if limit is not None:
            self._rejected.add((self._known(limit),))

    def statement(self, statement: Statement) -> None:
        """Counts a statement that is over."""
        self._sent.append(statement)
        if len(self._sent) >= _TOGETHER:
            self._count_statements()

    def _count_statements(self) -> None:
        for statement in self._sent:
            self._statements.add("failed" if statement.failed else "ok", statement.seconds)
            self._rows.add((), statement.rows)
        self._sent.clear()

    def access_log(self, access_log: AccessLog) -> None:
        """Shows how much of the access log is written, and how much waits."""
        for name, about, figure in (
            ("waiting", "Rows of the access log that are not written yet.", lambda: access_log.waiting),
            ("written", "Rows of the access log that this process wrote.", lambda: access_log.written),
            ("failures", "Times that the access log could not be written.", lambda: access_log.failures),
        ):
            Gauge(f"switchboard_access_log_{name}", about, registry=self._registry).set_function(figure)

    def retention_removed(self, removed: Removed) -> None:
        """Counts what retention removed."""
        for kind, count in asdict(removed).items():
            self._removed.labels(kind).inc(count)

    def retention_done(self) -> None:
        """Notes that retention came to its end."""
        self._retention_done.set_to_current_time()

    def retention_failed(self) -> None:
        """Counts a round of retention that broke off."""
        self._retention_failures.inc()

    def text(self) -> bytes:
        """The figures in Prometheus' text format."""
        self._count_requests()
        self._count_statements()
        return generate_latest(self._registry)

    def _known(self, code: str) -> str:
        if len(self._codes) < _MOST_CODES:
            self._codes.add(code)
        return code if code in self._codes else "OTHER"


async def page(request: Request) -> Response:
    """The figures, for who shows the scraper's token. Without one set they are nobody's but where all is anonymous."""
    settings: Settings = request.app.state.settings
    if not settings.metrics_token and not settings.anonymous:
        return PlainTextResponse("Set SWITCHBOARD_METRICS_TOKEN, and send it as a bearer, to read figures here.\n", 404)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    expected = settings.metrics_token.encode()
    if expected and not (scheme.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), expected)):
        return PlainTextResponse("Send the token of the metrics.\n", 401, {"WWW-Authenticate": "Bearer"})
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
