"""A plan for people to read: its statements, and the source of its builders."""

from dataclasses import dataclass

from app.engine.plan import Plan
from app.engine.run import Shape
from app.engine.steps import Work

_OWN = "-- by statements of its own: they depend on what is asked, and on what has changed since it was summed up"


@dataclass(frozen=True, slots=True)
class Explained:
    """How an operation is answered."""

    # Each step's statements, by the step's number and what the statement reads; for one parent where it has parents.
    statements: list[tuple[str, str]]
    # The generated functions.
    source: str
    # Whether other ids and instants go into the same statements; if not, they are prepared for these values alone.
    slotted: bool


def explained(plan: Plan, shape: Shape) -> Explained:
    """The explanation of a plan whose statements are prepared."""
    statements = [(f"step {number}: {name}", one.text) for (number, name, _), one in sorted(shape.prepared.items())]
    statements += [(f"step {one.number}: worked out", _OWN) for one in plan.roots if isinstance(one, Work)]
    return Explained(sorted(statements), plan.source.text, shape.slotted)
