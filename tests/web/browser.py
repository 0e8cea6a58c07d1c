"""A real headless Chromium that may ask nobody but the server it looks at, and notes what it would have asked."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import ConsoleMessage, Page, Route, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Run in the page before its own scripts: what the page's policy forbids is kept where a test can read it.
NOTE_VIOLATIONS = """
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Visit:
    """A page with what went wrong in it."""

    page: Page
    strangers: list[str] = field(default_factory=list)  # requests to any other origin; none was let through
    complaints: list[str] = field(default_factory=list)  # errors on the console, and uncaught ones

    async def holds_up(self) -> None:
        """Holds that the page asked nobody else, broke no policy, and complained of nothing."""
        violations = await self.page.evaluate("window.violations")
        assert (self.strangers, violations, self.complaints) == ([], [], [])


def executable() -> str:
    """The machine's Chromium. A machine without one goes without these tests, unless it is the one that checks all."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = f"GraphiQL is looked at in Chromium, and there is none on the PATH ({', '.join(NAMES)})."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@asynccontextmanager
async def visiting(address: str) -> AsyncIterator[Visit]:
    """A fresh browser for a server, with the network closed but for that server."""
    path = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            context = await browser.new_context()
            visit = Visit(await context.new_page())

            async def let_through(route: Route) -> None:
                if route.request.url.startswith((f"{address}/", "data:", "blob:")):
                    await route.continue_()
                else:
                    visit.strangers.append(route.request.url)
                    await route.abort()

            def listen(message: ConsoleMessage) -> None:
                if message.type == "error":
                    visit.complaints.append(message.text)

            await context.route("**/*", let_through)
            await context.add_init_script(NOTE_VIOLATIONS)
            visit.page.on("console", listen)
            visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
            yield visit
        finally:
            await browser.close()
