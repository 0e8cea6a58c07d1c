"""`python -m app.cli` is `switchboard`."""

from app.cli.main import main

main()
