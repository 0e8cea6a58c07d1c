"""Answers one question: a document executed by graphql-core over the loaders, its errors as the outside may see them."""

from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute
from strawberry.execution import optimized_is_awaitable

from app.domain.errors import InputError, SwitchboardError
from app.graphql.context import Context
from app.graphql.errors import presented
from app.graphql.limits import Limits, judge, parse, validate
from app.graphql.schema import schema

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Question:
    """A document, which of its operations, and the variables."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. `executed` is False where it was refused before any field was looked at."""

    data: dict[str, Any] | None
    errors: list[dict[str, Any]]
    executed: bool

    @property
    def codes(self) -> set[str]:
        """The codes of its errors."""
        return {error["extensions"]["code"] for error in self.errors}

    @property
    def body(self) -> dict[str, Any]:
        """The answer's object. What was never executed has no `data`, not even a null one."""
        body: dict[str, Any] = {"errors": self.errors} if self.errors else {}
        return body | {"data": self.data} if self.executed else body


async def answer(question: Question, context: Context, only_queries: bool, request_id: str) -> Answer:
    """Executes a question. Never raises for what is in it: whatever is wrong is an error of the answer.

    The document is judged before it is validated, and validated before a field is looked at: a document that would be
    slow to work on is refused by measures that are not.
    """
    graph = schema()
    try:
        document = parse(question.query, LIMITS)
        operation = _operation(document, question.operation_name)
        if only_queries and operation.operation is not OperationType.QUERY:
            return refused("METHOD_NOT_ALLOWED", "GET is for queries. Send this as POST.")
        if operation.operation is OperationType.SUBSCRIPTION:
            return refused("BAD_REQUEST", "There are no subscriptions here. Ask with a query.")
        judge(document, question.operation_name, question.variables, graph._schema, LIMITS)
        if errors := validate(graph._schema, document, LIMITS):
            return Answer(None, [presented(error, request_id) for error in errors], executed=False)
        async with context:
            return await _executed(document, question, context, request_id)
    except GraphQLError as error:
        return Answer(None, [presented(error, request_id)], executed=False)
    except SwitchboardError as error:
        return refused(error.code, str(error))
    except RecursionError:
        return refused("BAD_REQUEST", "The document or its variables are nested too deeply.")


async def _executed(document: DocumentNode, question: Question, context: Context, request_id: str) -> Answer:
    graph = schema()
    # What Strawberry's own `execute` does, but for parsing and validating again.
    result = execute(
        graph._schema,
        document,
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


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation of that name, or the only one. Raises InputError."""
    found = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        found = [node for node in found if node.name and node.name.value == name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"The document has no operation{f' {name!r}' if name else ''}.", "BAD_REQUEST")
    raise InputError("The document has several operations. Say which one in operationName.", "BAD_REQUEST")


def refused(code: str, message: str) -> Answer:
    """The answer to a question that was not executed."""
    return Answer(None, [{"message": message, "extensions": {"code": code}}], executed=False)
