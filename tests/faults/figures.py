"""How a fault test says what it measured: a small table, and an exit code that says whether it holds."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured; with `most`, it must not be more than that."""

    name: str
    value: float | str
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.most is None or (isinstance(self.value, int | float) and self.value <= self.most)


def report(figures: Sequence[Figure]) -> None:
    """Prints the table; the process ends with 1 where a figure is beyond its limit."""
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        value = f"{figure.value:.2f}" if isinstance(figure.value, float) else str(figure.value)
        limit = "" if figure.most is None else f"   at most {figure.most:g}" + ("" if figure.holds else "   TOO MUCH")
        print(f"{figure.name:<{width}}  {value:>10}{limit}")
    if not all(figure.holds for figure in figures):
        sys.exit(1)


def parser(about: str | None, seconds: float | None = None, clients: int | None = None) -> argparse.ArgumentParser:
    """The options that fault tests share; those without a default are left out."""
    made = argparse.ArgumentParser(description=about, formatter_class=_Help)
    if seconds is not None:
        made.add_argument("--seconds", type=_up_to(120), default=seconds, help="how long it lasts, up to 120")
    if clients is not None:
        made.add_argument("--clients", type=_up_to(64), default=clients, help="how many ask at once, up to 64")
    return made


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The description as it stands, and every default."""


def _up_to(most: int):  # type: ignore[no-untyped-def]
    def number(text: str) -> float:
        value = float(text)
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"it must be more than 0 and at most {most}")
        return value if value % 1 else int(value)

    return number
