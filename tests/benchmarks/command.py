"""The command: which stores, servers and workloads, for how long; shows its progress and ends with tables in Markdown."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.benchmarks import load, npm, stores, tables
from tests.benchmarks.agreement import agree
from tests.benchmarks.asking import WrongAnswerError
from tests.benchmarks.cold import cold_ratio
from tests.benchmarks.company import Company
from tests.benchmarks.memory import growth
from tests.benchmarks.rounds import Measured, Plan, measured
from tests.benchmarks.servers import KINDS, OURS, REFERENCE, Kind, NotStartedError, running
from tests.benchmarks.workloads import BY_NAME

_ABOUT = """How fast Switchboard is, in ratios.

All servers of one store run at once, a process each, and are asked in rounds: each in turn, in changing order. The ratio
is worked out within each round; the median of the rounds is told. The load comes from wrk on the same machine, which needs
two cores or more. Before anything is timed, the servers' answers are compared: one that answers something else is an error.
"""
_EXAMPLE = """examples:
  python -m tests.benchmarks
  python -m tests.benchmarks --stores sqlite --workloads page tiny --servers floor --rounds 3 --calls 100000
  python -m tests.benchmarks --into README.md
"""
_STORES = {"sqlite": stores.sqlite_store, "postgresql": stores.postgresql_store}
_BIG_PAGE_MB, _COLD = 5, 1.3


def main() -> None:
    """Measures and prints; ends with 1 where that is not possible, or a server answers wrongly."""
    options = _parser().parse_args()
    about = Console(stderr=True, highlight=False)
    if trouble := load.missing():
        sys.exit(trouble)
    try:
        if options.into:
            tables.put_into(options.into.read_text(), "")  # before an hour has gone by
        _measure(options, about)
    except (WrongAnswerError, NotStartedError, tables.NoPlaceError, OSError) as error:
        sys.exit(str(error))


def _measure(options: argparse.Namespace, about: Console) -> None:
    options.cache.mkdir(parents=True, exist_ok=True)
    kinds = _kinds(options, about)
    found: list[Measured] = []
    beside: list[str] = []
    try:
        for store in options.stores:
            about.print(f"{store}: {options.calls:,} calls, made where they are not kept in {options.cache}")
            with _STORES[store](options.cache, Company(options.calls)) as address:
                of_store = [kind for kind in kinds if store in kind.stores]
                found.extend(_of_store(store, address, of_store, options, about))
                beside += _beside(store, address, options)
    except BaseException:
        print(tables.ratios(found))  # what has been found by then took its time
        raise
    report = "\n\n".join((_how(options), tables.ratios(found), "\n".join(beside)))
    print(f"\n{report}")
    if options.into:
        options.into.write_text(tables.put_into(options.into.read_text(), report))
        about.print(f"Written into {options.into}.")


def _how(options: argparse.Namespace) -> str:
    """What the figures depend on."""
    made_with = f"Python {platform.python_version()} on {os.cpu_count()} cores, the load generator among them"
    rounds = f"medians of {options.rounds} rounds of {options.seconds:g} seconds a server"
    return f"{options.calls:,} calls; {made_with}; {rounds}."


def _kinds(options: argparse.Namespace, about: Console) -> list[Kind]:
    """The servers that are asked for and can run: ours, and the others."""
    wanted = [OURS, *(KINDS[name] for name in options.servers if name != OURS.name)]
    if any(kind.needs_node for kind in wanted) and "postgresql" in options.stores:
        about.print("Installing the servers from npm where they are not …")
        try:
            npm.install(options.cache)
        except npm.NoNodeError as error:
            about.print(f"PostGraphile and Mercurius are left out. {error}", style="yellow", markup=False)
            return [kind for kind in wanted if not kind.needs_node]
    return wanted


def _of_store(
    store: str, address: str, kinds: Sequence[Kind], options: argparse.Namespace, about: Console
) -> Iterator[Measured]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=about) as bar,
        running(kinds, address, options.cache) as servers,
    ):
        task = bar.add_task(f"{store}: comparing answers", total=None)
        workloads, made_up = [BY_NAME[name] for name in options.workloads], Company(options.calls)
        agree(servers, workloads, made_up)

        def progress(what: str) -> None:
            bar.update(task, advance=1, description=what)
            if not about.is_terminal:
                about.print(what)

        plan = Plan(made_up, workloads, options.connections, options.rounds, options.seconds, progress)
        bar.update(task, total=plan.laps * len(servers))
        yield from measured(store, servers, plan)


def _beside(store: str, address: str, options: argparse.Namespace) -> list[str]:
    """What is not a rate: memory, and the price of a document that was never asked before."""
    made_up = Company(options.calls)
    with running((OURS, REFERENCE), address, options.cache) as (ours, reference):
        memory = growth(ours, made_up)
        cold = {
            name: cold_ratio(ours, reference, BY_NAME[name], made_up)
            for name in options.workloads
            if name != "big page"  # takes long, and says nothing new
        }
    told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in cold.items())
    name = tables.STORES[store]
    lines = [
        f"- {name}: a server that has answered small pages grows by {memory.first:.1f} MB with its first big page, caches "
        f"included, and by {memory.more:.1f} MB with more of them (at most {_BIG_PAGE_MB} wanted)."
    ]
    if cold:
        lines.append(
            f"- {name}: a document that was never asked before takes, of the reference path's time (at most {_COLD} "
            f"wanted): {told}."
        )
    return lines


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=_ABOUT,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    others = [name for name in KINDS if name != OURS.name]
    made.add_argument("--calls", type=_count, metavar="COUNT", default=1_000_000, help="in each store (1000000)")
    made.add_argument("--rounds", type=_count, metavar="COUNT", default=7, help="of each workload and concurrency (7)")
    made.add_argument("--seconds", type=_count, default=3, help="that a server is asked for in each round (3)")
    made.add_argument("--connections", type=_count, nargs="+", metavar="COUNT", default=[1, 16], help="at once (1 16)")
    _names(made, "--stores", list(_STORES), "where the calls are")
    _names(made, "--workloads", list(BY_NAME), "what is asked")
    _names(made, "--servers", others, "what ours is compared with")
    made.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        default=Path(gettempdir()) / "switchboard-benchmarks",
        help="the folder where stores and npm packages are kept, some 3 GB (%(default)s)",
    )
    made.add_argument(
        "--into", type=Path, metavar="FILE", help="put the tables into a Markdown file, between its comments"
    )
    return made


def _names(made: argparse.ArgumentParser, option: str, choices: list[str], help: str) -> None:
    listed = ", ".join(f'"{name}"' if " " in name else name for name in choices)
    made.add_argument(
        option, nargs="+", choices=choices, default=choices, metavar="NAME", help=f"{help}: {listed} (all)"
    )


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number, 1 or more")
    return int(text)
