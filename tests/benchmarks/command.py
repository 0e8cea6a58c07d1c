"""The command: which stores, servers and workloads, for how long; shows its progress and ends with tables in Markdown."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.benchmarks import load, npm, stores, tables
from tests.benchmarks.agreement import agree
from tests.benchmarks.asking import WrongAnswerError
from tests.benchmarks.cold import cold_ratio
from tests.benchmarks.company import Company
from tests.benchmarks.memory import peak_over_idle
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
"""
_STORES = {"sqlite": stores.sqlite_store, "postgresql": stores.postgresql_store}
_BIG_PAGE_MB, _COLD = 5, 1.3
Say = Callable[[str], None]


def main() -> None:
    """Measures and prints; ends with 1 where that is not possible, or a server answers wrongly."""
    options = _parser().parse_args()
    about = Console(stderr=True, highlight=False)
    if trouble := load.missing():
        sys.exit(trouble)
    try:
        _measure(options, about)
    except (WrongAnswerError, NotStartedError) as error:
        sys.exit(str(error))


def _measure(options: argparse.Namespace, about: Console) -> None:
    options.cache.mkdir(parents=True, exist_ok=True)
    kinds = _kinds(options, about)
    found: list[Measured] = []
    beside: list[str] = []
    for store in options.stores:
        about.print(f"{store}: {options.calls:,} calls, made where they are not kept in {options.cache}")
        with _STORES[store](options.cache, Company(options.calls)) as address:
            of_store = [kind for kind in kinds if store in kind.stores]
            found += _of_store(store, address, of_store, options, about)
            beside += _beside(store, address, options)
    print(f"\n{tables.ratios(found)}\n\n{chr(10).join(beside)}")


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
) -> list[Measured]:
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
        return measured(store, servers, plan)


def _beside(store: str, address: str, options: argparse.Namespace) -> list[str]:
    """What is not a rate: memory, and the price of a document that was never asked before."""
    made_up = Company(options.calls)
    with running((OURS, REFERENCE), address, options.cache) as (ours, reference):
        memory = peak_over_idle(ours, made_up)
        cold = {
            name: cold_ratio(ours, reference, BY_NAME[name], made_up)
            for name in options.workloads
            if name != "big page"  # takes long, and says nothing new
        }
    told = ", ".join(f"{name} {ratio:.2f}" for name, ratio in cold.items())
    return [
        f"- {store}: a big page peaks at {memory:.1f} MB over idle (at most {_BIG_PAGE_MB} wanted)",
        f"- {store}: a new document takes, of the reference path's time (at most {_COLD} wanted): {told}",
    ]


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=_ABOUT,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    others = [name for name in KINDS if name != OURS.name]
    made.add_argument("--calls", type=int, default=1_000_000, help="in each store (1000000)")
    made.add_argument("--rounds", type=int, default=7, help="of each workload and concurrency (7)")
    made.add_argument("--seconds", type=float, default=3, help="that a server is asked for in each round (3)")
    made.add_argument("--connections", type=int, nargs="+", default=[1, 16], help="at once (1 16)")
    made.add_argument("--stores", nargs="+", choices=_STORES, default=list(_STORES), help="(both)")
    made.add_argument("--workloads", nargs="+", choices=BY_NAME, default=list(BY_NAME), help="(all)")
    made.add_argument("--servers", nargs="+", choices=others, default=others, help="ours is compared with (all)")
    made.add_argument(
        "--cache",
        type=Path,
        default=Path(gettempdir()) / "switchboard-benchmarks",
        help="the folder where stores and npm packages are kept, 3 GB of them; a folder of its own is made otherwise",
    )
    return made
