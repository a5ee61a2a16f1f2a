"""Takes every picture of the README and of docs/ again: `make screenshots`.

The real desk and the real stage over a demo programme built for it, with the real sign-in. The clock is the machine's,
so the pictures are of the day on which they are taken.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from services.commands.say import say
from services.demo.accounts import DEMO_ACCOUNTS
from tests.browser.conftest import _FLAGS, PASSWORD, ROOT, served, sign_in

PICTURES = ROOT / "docs" / "pictures"
#: No picture is heavier, so that the pages open at once on any line.
LARGEST = 150_000
DESK, PHONE, HALL = (1280, 800), (390, 844), (1280, 720)
_PASSWORDS = {username: password for username, *_, password in DEMO_ACCOUNTS}


def keep(name: str, page: Page, *, settles: int = 1500, height: int | None = None) -> None:
    """A picture of what the page shows, in few colours; `height`: of its upper part only."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur?.()")
    page.wait_for_timeout(settles)  # charts and fonts have no other end that a page could tell
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image = image.crop((0, 0, image.width, height or image.height))
    path = PICTURES / f"{name}.png"
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    say(f"{path.relative_to(ROOT)}: {image.width} × {image.height}, {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"{path.name} is heavier than {LARGEST // 1000} kB. Show less in it.")


def rests(page: Page) -> None:
    """The script has run to its end."""
    page.wait_for_timeout(1000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)


@contextmanager
def opened(browser: Browser, size: tuple[int, int], **options: object) -> Iterator[Page]:
    """A browser that knows nothing of the others."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@contextmanager
def as_(browser: Browser, desk: str, username: str, size: tuple[int, int] = DESK) -> Iterator[Callable[[str], Page]]:
    """Somebody signed in; calling it opens an address of the desk."""
    with opened(browser, size) as page:
        page.goto(desk)
        sign_in(page, username, _PASSWORDS.get(username, PASSWORD))
        page.get_by_role("heading", level=1).filter(has_not_text="Sign in").first.wait_for()

        def go(path: str) -> Page:
            page.goto(f"{desk}{path}")
            rests(page)
            return page

        yield go


def of_coordinators(browser: Browser, desk: str) -> None:
    with as_(browser, desk, "cora") as go:
        keep("today", go("/"))
        keep("match_review", go("/match-review"))
        page = go("/match-review")
        page.get_by_role("button", name="Propose matches").click()
        page.get_by_text("Nothing is stored yet").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="in the queue").or_(
            page.get_by_role("button", name="Nothing to propose")
        ).wait_for()
        keep("propose", page)


def of_coaches(browser: Browser, desk: str) -> None:
    with as_(browser, desk, "farah", PHONE) as go:
        keep("coach_week", go("/caseload"))
        keep("coach_outcomes", go("/outcomes"))
        page = go("/events")
        page.get_by_role("heading", name="Past").wait_for()
        page.get_by_test_id("stDataFrame").click(position={"x": 17, "y": 55})  # the latest that is over
        page.get_by_role("button", name="Take attendance").click()
        page.get_by_text("invited are here").wait_for()
        keep("door", page, height=600)


def of_managers(browser: Browser, desk: str) -> None:
    with as_(browser, desk, "maya") as go:
        keep("manager_today", go("/"))
        keep("cohorts", go("/cohorts"))
        keep("fact_sheet", go("/fact-sheet"))


def of_the_stage(browser: Browser, desk: str) -> None:
    with as_(browser, desk, "theo") as go:
        page = go("/milestones")
        page.get_by_label("Which screen is it for?").fill("Council chamber")
        page.get_by_role("button", name="Open the stage").click()
        page.get_by_text("Shown this once").wait_for()
        screen, remote = [page.locator("code", has_text="token=").nth(place).inner_text() for place in (0, 1)]
        page.get_by_role("heading", name="Stage", exact=True).evaluate("it => it.scrollIntoView()")
        keep("stage_link", page)
    with opened(browser, HALL, color_scheme="dark") as hall, opened(browser, PHONE) as phone:
        hall.goto(screen)
        hall.get_by_role("heading", level=1).wait_for()
        rests(hall)
        keep("stage", hall, settles=4000)
        phone.goto(remote)
        phone.get_by_role("button", name="Next: The years").wait_for()
        keep("remote", phone, settles=3000)
        phone.get_by_role("button", name="Begin the rehearsal").click()
        hall.get_by_role("heading", level=1, name="match").wait_for(timeout=90_000)
        keep("celebration", hall, settles=5000)


def of_the_first_morning(browser: Browser, desk: str) -> None:
    with as_(browser, desk, "first") as go:
        keep("first_morning", go("/"))


def _run(url: str, *words: str, said: str = "") -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "services", *words]
    subprocess.run(command, cwd=ROOT, env=environment, input=said, text=True, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """All of them, over two databases in a temporary folder."""
    PICTURES.mkdir(exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        full, empty = (f"sqlite:///{Path(folder) / name}.db" for name in ("demo", "empty"))
        _run(full, "demo")
        _run(empty, "migrate")
        who = ("--username", "first", "--name", "Ada Whitfield", "--role", "administrator")
        _run(empty, "account", "create", *who, "--password-stdin", said=f"{PASSWORD}\n")
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        with served(full, command="stage") as stage, served(full, MATCHDESK_STAGE_URL=stage) as desk:
            of_coordinators(browser, desk)
            of_coaches(browser, desk)
            of_managers(browser, desk)
            of_the_stage(browser, desk)
        with served(empty, "--no-demo") as desk:
            of_the_first_morning(browser, desk)
        browser.close()


if __name__ == "__main__":
    main()
