"""Answers one question: a document executed by graphql-core over the loaders, its errors as the outside may see them."""

from dataclasses import dataclass
from typing import Any

from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from app.graphql.context import Context
from app.graphql.errors import presented
from app.graphql.schema import schema


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
        return refused("METHOD_NOT_ALLOWED", "GET is for queries. Send this as POST.")
    except CannotGetOperationTypeError:
        name = question.operation_name
        missing = f"The document has no operation {name!r}." if name else "Say which operation in operationName."
        return refused("BAD_REQUEST", missing)
    except RecursionError:
        return refused("BAD_REQUEST", "The document is nested too deeply.")
    assert isinstance(result, ExecutionResult)
    errors = [presented(error, request_id) for error in result.errors or ()]
    executed = not errors or result.data is not None or any("path" in error for error in errors)
    return Answer(result.data, errors, executed)


def refused(code: str, message: str) -> Answer:
    """The answer to a question that was not executed."""
    return Answer(None, [{"message": message, "extensions": {"code": code}}], executed=False)
