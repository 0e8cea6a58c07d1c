"""The program: its commands, its help with every setting, and how an error becomes a message and an exit code."""

import gc
import os
import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from app import settings
from app.cli import calls, demo, documents, explain, export, numbers, privacy, server, sources, sync, tokens, totals
from app.domain.errors import InputError, StoreError, SwitchboardError

FAILED, WRONG_USAGE = 1, 2


def _every_setting() -> str:
    """The end of `switchboard --help`."""
    shown = [(name, f"`{default}`" if default else "", meaning) for name, default, meaning in settings.rows()]
    lines = [f"* `{name}` = {default}: {meaning}" for name, default, meaning in shown]
    return "Settings come from the environment; these are all, with their defaults:\n\n" + "\n".join(lines)


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog=_every_setting(),
    help="One GraphQL endpoint over every phone system's call records.\n\nExample: `switchboard demo`",
)
demo.register(app)
server.register(app)
sources.register(app)
sync.register(app)
calls.register(app)
numbers.register(app)
tokens.register(app)
privacy.register(app)
documents.register(app)
explain.register(app)
totals.register(app)
export.register(app)


def main() -> None:
    """Runs a command. A foreseen error is one sentence that says what to do next, never a traceback."""
    _collect_seldom()
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        app()
    except InputError as error:
        console.print(f"Error: {error}", style="red")
        sys.exit(WRONG_USAGE)
    except ValidationError as error:
        for item in error.errors():
            name = settings.PREFIX + "_".join(str(part) for part in item["loc"]).upper()
            console.print(f"Error: {name} is {item['input']!r}: {item['msg']}. See: switchboard --help", style="red")
        sys.exit(WRONG_USAGE)
    except SwitchboardError as error:
        console.print(f"Error: {error.detail if isinstance(error, StoreError) else error}", style="red")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        console.print("Stopped. What was saved before stays saved.")
        sys.exit(FAILED)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _collect_seldom() -> None:
    """Batches of records and of rows are many objects without a cycle: looking for one took a fifth of an import."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 5)
