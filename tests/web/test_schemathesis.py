"""No question that can be made from the schema breaks the server: schemathesis asks it random ones over a socket."""

import asyncio
import os
from collections import Counter
from typing import Any

import schemathesis
from graphql import introspection_from_schema
from graphql.language import ast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error

from app.domain.scope import Scope
from app.graphql.schema import schema
from app.store.database import Database
from tests.builders import save
from tests.conftest import House
from tests.graphql.told import Told, bare, spoken
from tests.web.serving import on_socket, running, token_of

# Of each engine: 300 in all.
EXAMPLES = int(os.environ.get("SWITCHBOARD_TEST_EXAMPLES", "150"))
TEXTS = {
    "DateTime": ["2024-05-20T08:00:00Z", "2024-06-01T00:00:00+05:45", "2024-05-20T08:00:00", "yesterday", ""],
    "PhoneNumber": ["+919814725836", "9814725836", "836", "x", "", "\u0669\u0660"],
    "TimeZone": ["Asia/Kathmandu", "UTC", "Nowhere/City", ""],
    "TimeOfDay": ["08:00", "24:00", "25:00", ""],
}


def register() -> None:
    """Tells schemathesis what texts our scalars are written as, wrong ones among them."""
    for name, texts in TEXTS.items():
        schemathesis.graphql.scalar(name, st.sampled_from(texts).map(lambda text: ast.StringValueNode(value=text)))


async def test_no_question_of_the_schema_is_a_server_error(store_url: str) -> None:
    database = Database(store_url)
    await save(House(database, Scope("main")), spoken(Told()), bare(Told()))
    await database.close()
    async with running(store_url, anonymous=False) as app, on_socket(app) as server:
        headers = {"authorization": f"Bearer {await token_of(app)}"}
        answers = await asyncio.to_thread(asked, f"http://127.0.0.1:{server.port}/graphql", headers)
    assert not [status for status in answers if status >= 500]
    assert answers[200] > EXAMPLES // 4, answers


def asked(url: str, headers: dict[str, str]) -> Counter[int]:
    """How often each status was answered. Fails where schemathesis takes an answer for a server error."""
    register()
    answers: Counter[int] = Counter()
    graph = schemathesis.graphql.from_dict(introspection_from_schema(schema()._schema))  # type: ignore[arg-type]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=graph.as_strategy())
    def ask(case: Case[Any]) -> None:
        response = case.call(base_url=url, headers=headers)
        answers[response.status_code] += 1
        # An error in an answer of 200 is the server's own, too, unless its code says otherwise.
        case.validate_response(response, checks=[not_a_server_error])
        assert "INTERNAL" not in response.text

    ask()
    return answers
