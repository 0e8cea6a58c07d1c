"""Answers one question: its document executed by graphql-core over the loaders, errors as the outside may see them."""

import time
from collections.abc import Iterable
from inspect import isawaitable
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute
from strawberry.execution import optimized_is_awaitable

from app.domain.errors import InputError, StoreError, SwitchboardError
from app.engine.engine import Engine
from app.engine.surprise import Surprise
from app.graphql.context import Context
from app.graphql.documents import Document
from app.graphql.errors import presented
from app.graphql.limits import Cost, Limits, priced
from app.graphql.schema import schema
from app.store.weight import Allowance

log = structlog.get_logger()
# As long as the engine may have waited for a store in trouble, for the reference path to try it as well.
_WAITED_SECONDS = 0.25
_encode = msgspec.json.Encoder().encode


class Question(NamedTuple):
    """A document, which of its operations, and the variables. At least one of `query` and `digest` is given."""

    query: str | None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    # The SHA-256 by which the client names the document, instead of its text or beside it.
    digest: str | None = None
    # What the answer is to say of itself: what it cost, and what its statistics were read from.
    asks: frozenset[str] = frozenset()


class Admission(Protocol):
    """What stands before every operation."""

    @property
    def limits(self) -> Limits:
        """The limits of the request."""

    def begin(self, document: Document, cost: Cost) -> None:
        """Lets the operation of a document begin. Raises SwitchboardError where it may not."""

    def worked(self, parts: int) -> None:
        """Is told how many parts of conditions were made into statements for it."""


class Asked(Protocol):
    """Where documents are had from."""

    async def asked(self, text: str | None, named: str | None) -> Document:
        """The document of a question that gives its text, its hash (`named`) or both. Raises what `Registered` does."""


class Answer(NamedTuple):
    """What came of a question. `executed` is False where it was refused before any field was looked at."""

    data: dict[str, Any] | msgspec.Raw | None
    errors: list[dict[str, Any]]
    executed: bool
    extensions: dict[str, Any] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its errors."""
        return tuple(error["extensions"]["code"] for error in self.errors)

    @property
    def body(self) -> dict[str, Any]:
        """The answer's object. What was never executed has no `data`, not even a null one."""
        body: dict[str, Any] = {"errors": self.errors} if self.errors else {}
        if self.executed:
            body["data"] = self.data
        return body | {"extensions": self.extensions} if self.extensions else body

    @property
    def written(self) -> bytes:
        """The answer's object as JSON."""
        if isinstance(self.data, msgspec.Raw) and not self.errors and not self.extensions:
            return b'{"data":%b}' % self.data  # which is JSON already
        return _encode(self.body)


async def answer(
    question: Question,
    documents: Asked,
    context: Context,
    admission: Admission,
    only_queries: bool,
    request_id: str,
    engine: Engine | None = None,
) -> Answer:
    """Executes a question. Never raises for what is in it: whatever is wrong is an error of the answer.

    What it costs is worked out before its variables are read, and what it names before a field is looked at. The
    engine answers what it can; the rest, and all that goes wrong, is answered by graphql-core.
    """
    try:
        with context.span("parse and validate"):
            document = await documents.asked(question.query, question.digest)
        operation = document.operation(question.operation_name)
        context.operation = operation.operation.value
        context.operation_name = operation.name.value if operation.name else None
        if only_queries and operation.operation is not OperationType.QUERY:
            raise InputError("GET is for queries. Send this as POST.", "METHOD_NOT_ALLOWED")
        if operation.operation is OperationType.SUBSCRIPTION:
            raise InputError("There are no subscriptions here. Ask with a query.", "BAD_REQUEST")
        cost = priced(document.survey, question.operation_name, question.variables, admission.limits)
        if document.errors:
            return _not_executed(document.errors, request_id)
        admission.begin(document, cost)
        with context.span("execute"), Allowance() as given:
            try:
                if engine and (data := await _compiled(engine, document, operation, question, context)):
                    return Answer(data, [], executed=True)
                given.renew()
                return await _executed(document, question, context, request_id)
            finally:
                admission.worked(given.compiled)
                if (view := context.end()) is not None:  # seldom: `async with` would wait for nothing
                    await view.close()
    except GraphQLError as error:
        return _not_executed([error], request_id)
    except StoreError as error:
        log.warning("store", request_id=request_id, reason=error.detail)
        return refused(error)
    except SwitchboardError as error:
        return refused(error)
    except RecursionError:
        return refused(InputError("The document or its variables are nested too deeply.", "BAD_REQUEST"))


async def _compiled(
    engine: Engine, document: Document, operation: OperationDefinitionNode, question: Question, context: Context
) -> msgspec.Raw | None:
    """The engine's answer; None where it steps aside."""
    began = time.monotonic()
    try:
        data = await engine.data(document.digest, document.node, operation, question.variables or {}, context)
    except Surprise as surprise:
        context.path = f"reference: {surprise.reason}"
        if isinstance(surprise.__cause__, StoreError) and time.monotonic() - began > _WAITED_SECONDS:
            context.view.give_up(surprise.__cause__)
        return None
    context.path = "compiled"
    return data


async def _executed(document: Document, question: Question, context: Context, request_id: str) -> Answer:
    graph = schema()
    # What Strawberry's own `execute` does, but for parsing and validating again, extensions, and its own log of errors.
    result = execute(
        graph._schema,
        document.node,
        context_value=context,
        variable_values=question.variables,
        operation_name=question.operation_name,
        executor_class=graph.execution_context_class,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # it is typed as a plain predicate
        hide_suggestions=True,
        operation_extensions=None,
    )
    done: ExecutionResult = await result if isawaitable(result) else result
    errors = [presented(error, request_id) for error in done.errors or ()]
    executed = not errors or done.data is not None or any("path" in error for error in errors)
    return Answer(done.data, errors, executed)


def refused(error: SwitchboardError) -> Answer:
    """The answer to a question that was not executed."""
    shown = {"message": str(error), "extensions": {"code": error.code, **error.facts}}
    return Answer(None, [shown], executed=False)


def _not_executed(errors: Iterable[GraphQLError], request_id: str) -> Answer:
    return Answer(None, [presented(error, request_id) for error in errors], executed=False)
