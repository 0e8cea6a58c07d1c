"""The command line: `switchboard`. One file a group of commands; exit codes: 0 done, 1 failed, 2 wrong usage."""

from app.cli.main import main

__all__ = ["main"]
