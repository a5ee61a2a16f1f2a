"""What a coordinator does at the keyboard."""

from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect  # noqa: A004

from tests.browser.conftest import let_in


def open_as(browser, address: str, username: str, path: str) -> Page:
    page = let_in(browser(viewport={"width": 1280, "height": 800}), address, username).new_page()
    page.goto(address + path)
    page.get_by_role("navigation").wait_for()
    return page


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=2).first.inner_text()


def at_rest(page: Page) -> None:
    """Until Streamlit has drawn what it has to draw: a person looks before they press."""
    expect(page.get_by_role("dialog")).to_have_count(0)  # it fades for a moment, and takes no keys of the page
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def takes_keys(page: Page) -> None:
    """Until Match review, just loaded, hears keys: that is a moment after it is drawn."""
    page.locator(".st-key-queue_pane").wait_for()
    at_rest(page)
    page.wait_for_timeout(400)


def ask(page: Page, key: str) -> None:
    """Open a question by its key; pressed once more where a busy machine had not taken it yet."""
    for _ in range(5):
        at_rest(page)
        page.keyboard.press(key)
        with suppress(TimeoutError):
            page.locator(".st-key-question").wait_for(timeout=4_000)
            break
    at_rest(page)


def press(page: Page, *keys: str) -> str:
    """Decide by keys alone and wait for the next card; returns whose card it was."""
    at_rest(page)
    before = heading(page)
    for key in keys[:-1]:
        ask(page, key)
    for _ in range(5):  # once more where a busy machine had not taken it yet, and only while the card still stands
        page.keyboard.press(keys[-1])
        with suppress(AssertionError):
            expect(page.get_by_role("heading", level=2).first).not_to_have_text(before, timeout=6_000)
        at_rest(page)
        if heading(page) != before:
            return before
    at = page.evaluate("() => [{...document.querySelector('.stApp').dataset}, document.activeElement?.outerHTML]")
    pytest.fail(f"{keys[-1]} decided nothing. The page, at {at}, says: {page.locator('body').inner_text()}")
