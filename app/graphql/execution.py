"""Answers one question: a document executed by graphql-core over the loaders, its errors as the outside may see them."""

import re
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, parse
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from app.graphql.context import Context
from app.graphql.errors import presented
from app.graphql.schema import schema

# A document with fewer of these words has no two operations: of several, each has to say its kind.
_OPERATION = re.compile(r"\b(?:query|mutation|subscription)\b")


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
    """Executes a question. Never raises for what is in it: whatever is wrong is an error of the answer."""
    if _is_ambiguous(question):
        return refused("BAD_REQUEST", "The document has several operations. Say which one in operationName.")
    allowed = {OperationType.QUERY} if only_queries else {OperationType.QUERY, OperationType.MUTATION}
    try:
        result = await schema().execute(
            question.query,
            variable_values=question.variables,
            context_value=context,
            operation_name=question.operation_name,
            allowed_operation_types=allowed,
        )
    except InvalidOperationTypeError:
        if only_queries:
            return refused("METHOD_NOT_ALLOWED", "GET is for queries. Send this as POST.")
        return refused("BAD_REQUEST", "There are no subscriptions here. Ask with a query.")
    except CannotGetOperationTypeError:
        name = question.operation_name
        return refused("BAD_REQUEST", f"The document has no operation{f' {name!r}' if name else ''}.")
    except RecursionError:
        return refused("BAD_REQUEST", "The document is nested too deeply.")
    assert isinstance(result, ExecutionResult)
    errors = [presented(error, request_id) for error in result.errors or ()]
    executed = not errors or result.data is not None or any("path" in error for error in errors)
    return Answer(result.data, errors, executed)


def _is_ambiguous(question: Question) -> bool:
    """Whether it is left open which of several operations is meant; Strawberry would take the first."""
    if question.operation_name or len(_OPERATION.findall(question.query)) < 2:
        return False
    try:
        document = parse(question.query)
    except (GraphQLError, RecursionError):
        return False  # the execution says what is wrong with it
    return sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions) > 1


def refused(code: str, message: str) -> Answer:
    """The answer to a question that was not executed."""
    return Answer(None, [{"message": message, "extensions": {"code": code}}], executed=False)
