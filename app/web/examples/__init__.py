"""The shelf of example queries: one .graphql file each, whose comment lines are its title and description."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """One example. `variables` is JSON text, or empty."""

    title: str
    description: str
    query: str
    variables: str


@cache
def examples() -> tuple[Example, ...]:
    """Every example in the order of the file names; the first is the one GraphiQL opens with."""
    return tuple(_read(path) for path in sorted(HERE.glob("*.graphql")))


def _read(path: Path) -> Example:
    """The first comment line is the title, the next ones are the description; variables stand beside, as .json."""
    title, *lines = path.read_text().splitlines()
    about = []
    while lines and lines[0].startswith("#"):
        about.append(lines.pop(0).lstrip("# "))
    variables = path.with_suffix(".json")
    text = variables.read_text().strip() if variables.exists() else ""
    return Example(title.lstrip("# "), " ".join(about), "\n".join(lines).strip() + "\n", text)
