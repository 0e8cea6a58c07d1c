"""POST /export: every row of a query's list, streamed page by page as CSV, lines of JSON or Parquet."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.access.viewer import Viewer
from app.domain.errors import (
    ForbiddenError,
    IdentityProviderError,
    InputError,
    StoreError,
    SwitchboardError,
    UnauthenticatedError,
)
from app.domain.scope import Right
from app.graphql.context import Context
from app.graphql.execution import Answer, Question, answer
from app.graphql.exporting import Ask, ExportError, ExportPage, Rewritten, check_place, export_of, page_size, pages_of
from app.graphql.rights import demand
from app.web.admission import Admission
from app.web.answers import STATUS, UNAVAILABLE, refused_as
from app.web.bodies import RequestError, object_of, question_in
from app.web.deadlines import Deadline
from app.web.formats import Form, form_named
from app.web.negotiation import JSON
from app.web.recordings import linking
from app.web.requests import seen

MOST_AT_ONCE = 2  # exports of one server process: each holds a connection of the store most of the time
_NOBODY_WAITS, _WAIT_SECONDS = 499, 10
_PATIENCE_SECONDS = 60.0  # with a reader who takes nothing: others wait for the place
_REFUSED: dict[type[SwitchboardError], int] = {ForbiddenError: 403, IdentityProviderError: UNAVAILABLE}
log = structlog.get_logger()


class Exporting:
    """The exports of one server: how many there may be at once, and the documents that they ask with."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(MOST_AT_ONCE)
        self.documents = Rewritten()


async def export(request: Request) -> Response:
    """Answers with the first page at once, so that what is wrong with the query has its status, and goes on from there."""
    try:
        found = await object_of(request)
        return await _begun(request, _Asked.of(found))
    except ClientDisconnect:
        return Response(status_code=_NOBODY_WAITS)
    except RequestError as error:
        return refused_as(error, error.status, JSON)
    except UnauthenticatedError as error:
        return refused_as(error, 401, JSON)
    except StoreError as error:
        return refused_as(error, STATUS.get(error.code, UNAVAILABLE), JSON)
    except GraphQLError as error:  # a text that is not even GraphQL
        return refused_as(InputError(error.message, "GRAPHQL_PARSE_FAILED"), 400, JSON)
    except RecursionError:
        return refused_as(InputError("The document is nested too deeply.", "BAD_REQUEST"), 400, JSON)
    except SwitchboardError as error:
        return refused_as(error, STATUS.get(error.code, _REFUSED.get(type(error), 400)), JSON)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a body asks for, beside the question itself."""

    question: Question
    form: Any
    after: str | None
    cursors: bool

    @staticmethod
    def of(found: dict[str, Any]) -> "_Asked":
        """What an object asks for. Raises RequestError and InputError."""
        after = found.get("after")
        if after is not None and not isinstance(after, str):
            raise InputError("after is no cursor. Take the last one that was written.")
        return _Asked(question_in(found), form_named(found.get("format", "csv")), after, found.get("cursors") is True)


async def _begun(request: Request, asked: _Asked) -> Response:
    state, noted = request.app.state, seen()
    viewer = await _exporter(request)
    noted.viewer, noted.viewer_name = viewer.key, viewer.name
    document = await state.documents.asked(asked.question.query, asked.question.digest)
    made = export_of(document, asked.question)
    check_place(made, asked.after)
    admission = Admission(replace(state.gate, budget=None), viewer, noted)
    noted.operation, noted.operation_name = "export", made.question.operation_name
    size = (
        0
        if not made.paged
        else page_size(await state.exports.documents.asked(made.question.query), made, admission.limits)
    )
    form = asked.form(made.columns, asked.cursors, asked.after is not None)
    pages = pages_of(made, size, _asking(request, admission), asked.after)
    if state.exports.free.locked():
        raise InputError(
            f"{MOST_AT_ONCE} exports are running here already. Try again later.",
            "TOO_MANY_EXPORTS",
            retryAfterSeconds=_WAIT_SECONDS,
        )
    await state.exports.free.acquire()
    try:
        first = await anext(pages)
    except BaseException:  # whatever it is, nobody else would give the place back
        state.exports.free.release()
        raise
    name = f"{made.key}.{asked.form.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return _Streaming(_streamed(form, first, pages), asked.form.media_type, headers, state.exports.free)


async def _exporter(request: Request) -> Viewer:
    """Who asks. Raises UnauthenticatedError, ForbiddenError, and StoreError or IdentityProviderError."""
    viewer: Viewer = await request.app.state.viewers.of_request(request)
    demand(viewer.scope, Right.EXPORT, "An export")
    return viewer


class _Streaming(StreamingResponse):
    """Gives its place back however it ends, even where the client was gone before the first byte."""

    def __init__(
        self, body: AsyncIterator[bytes], media_type: str, headers: dict[str, str], free: asyncio.Semaphore
    ) -> None:
        super().__init__(body, media_type=media_type, headers=headers)
        self._free = free

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, send_soon)
        except (TimeoutError, ClientDisconnect):  # without its end, what was sent is seen to be a part
            log.warning("export", reason=f"Its reader is gone, or took nothing for {_PATIENCE_SECONDS:g} seconds.")
        finally:
            self._free.release()


def _asking(request: Request, admission: Admission) -> Ask:
    """Asks for a page, each with a deadline and a view of the store of its own.

    Who asks is looked at each time: an export may take hours, and a token may be revoked or end meanwhile.
    """
    state = request.app.state
    moment = seen().at  # the same for all pages: the last thirty days are those that they were at the first one

    async def ask(question: Question) -> Answer:
        try:
            async with Deadline(state.settings.deadline_seconds):
                viewer = await _exporter(request)
                link = linking(state.recording_links, request, viewer, datetime.now(UTC))
                context = Context(
                    viewer.scope, viewer.zone, state.database, moment, viewer.name, link, state.traces.span
                )
                return await answer(
                    question, state.exports.documents, context, admission, True, seen().request_id, state.engine
                )
        except TimeoutError as error:
            message = f"A page took longer than {state.settings.deadline_seconds:g} seconds. Export less at once."
            raise ExportError(message, "TIMEOUT") from error

    return ask


async def _streamed(form: Form, first: ExportPage, pages: AsyncIterator[ExportPage]) -> AsyncIterator[bytes]:
    """The bytes of all pages. Where one cannot be had the connection is broken off: what was sent is seen to be a part."""
    try:
        yield await asyncio.to_thread(form.page, first)
        async for page in pages:
            yield await asyncio.to_thread(form.page, page)
        yield form.end()
    except SwitchboardError as error:
        log.warning("export", code=error.code, reason=str(error))
        raise
