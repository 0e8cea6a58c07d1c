"""How fast Switchboard is: against the SQL written by hand, stock Strawberry, graphql-core, PostGraphile and Mercurius."""

from tests.benchmarks.command import main

main()
