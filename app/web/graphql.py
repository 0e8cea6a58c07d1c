"""The GraphQL endpoint: GraphQL over HTTP, from a request to the bytes of its answer."""

from dataclasses import dataclass
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.domain.errors import IdentityProviderError, InputError, StoreError, UnauthenticatedError
from app.graphql.context import Context
from app.graphql.execution import Answer, Question, answer, refused
from app.web.admission import Admission
from app.web.answers import STATUS, UNAVAILABLE, encoded, refused_as, response_of, send_named
from app.web.bodies import RequestError, late, question_of
from app.web.deadlines import Deadline
from app.web.headers import SECURITY, header
from app.web.negotiation import accepted
from app.web.recordings import linking
from app.web.requests import Watched, request_id_of, seen

METHODS = ["GET", "POST"]
_NOBODY_WAITS = 499
log = structlog.get_logger()


class Endpoint:
    """ASGI application of the questions that are posted, before Starlette's layers, which cost as much as a small answer."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a question as the layers would have it answered: noted, named, and also where something broke."""
        scope["app"] = self._app
        request, response = Request(scope, receive), None
        try:
            with Watched(scope, self._app.state, "unknown") as watched:
                response = await graphql(request)
                watched.status = response.status_code
                await send_named(response, watched.noted.request_id, send)
        except Exception as error:
            if response is None:
                await (await unexpected(request, error))(scope, receive, send)
            raise  # for the server's own log, and for tests


async def graphql(request: Request) -> Response:
    """POST with a JSON body, or GET for queries."""
    media_type = accepted(header(request.scope, b"accept"))
    seconds: float = request.app.state.settings.deadline_seconds
    asking = _Asking(request, Deadline(seconds))
    try:
        return encoded(await asking.deadline.around(asking.answered()), media_type)
    except TimeoutError:
        if asking.question is None:
            return refused_as(late(seconds), 408, media_type)
        message = f"This takes longer than {seconds:g} seconds. Ask for a shorter range, or less at once."
        return encoded(refused(InputError(message, "TIMEOUT")), media_type)
    except RequestError as error:
        return refused_as(error, error.status, media_type)
    except UnauthenticatedError as error:
        return refused_as(error, 401, media_type)
    except IdentityProviderError as error:
        return refused_as(error, UNAVAILABLE, media_type)
    except StoreError as error:
        log.warning("store", reason=error.detail)
        return refused_as(error, STATUS.get(error.code, UNAVAILABLE), media_type)
    except ClientDisconnect:
        return Response(status_code=_NOBODY_WAITS)


@dataclass(slots=True)
class _Asking:
    """A request, and its question as soon as that is read."""

    request: Request
    deadline: Deadline
    question: Question | None = None

    async def answered(self) -> Answer:
        """The answer, of which the time runs from here on."""
        self.question = await question_of(self.request)
        self.deadline.watch(self.request.receive)
        return await _answered(self.request, self.question)


async def _answered(request: Request, question: Question) -> Answer:
    state, noted = request.app.state, seen()
    noted.operation_name = question.operation_name
    viewer = state.viewers.remembered(header(request.scope, b"authorization"))
    if viewer is None:
        viewer = await state.viewers.of_request(request)
    noted.viewer, noted.viewer_name = viewer.key, viewer.name
    admission = Admission(state.gate, viewer, noted)
    link = linking(state.recording_links, request, viewer, noted.at)
    context = Context(viewer.scope, viewer.zone, state.database, noted.at, viewer.name, link, state.traces.span)
    try:
        only_queries, engine = request.scope["method"] != "POST", state.engine
        found = await answer(question, state.documents, context, admission, only_queries, noted.request_id, engine)
        return found._replace(extensions=_of_itself(question, context, admission)) if question.asks else found
    finally:
        noted.operation, noted.path = context.operation, context.path
        noted.operation_name = context.operation_name or question.operation_name


def _of_itself(question: Question, context: Context, admission: Admission) -> dict[str, Any]:
    """What the answer says of itself: what was asked for, and is known."""
    known = admission.shown() | ({"statistics": context.read_from} if context.read_from else {})
    return {name: said for name, said in known.items() if name in question.asks}


async def unexpected(request: Request, error: Exception) -> Response:
    """The answer where something broke that nobody foresaw: only an id, under which the log has it whole."""
    request_id = request_id_of(request.scope)
    log.error("unexpected", request_id=request_id, path=request.url.path, exc_info=error)
    message = f"Something went wrong here. Tell the operator this request id: {request_id}"
    found = refused(InputError(message, "INTERNAL"))
    # This answer is made outside of every middleware.
    headers = {**SECURITY, "X-Request-Id": request_id}
    return response_of(found, 500, accepted(request.headers.get("accept", "")), headers)
