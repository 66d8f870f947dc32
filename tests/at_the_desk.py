"""One person at work in a real browser: opens pages, fills fields, presses buttons, reads. Judges nothing."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tools.page_server import choose, settled, signed_in

LAPTOP = {"width": 1366, "height": 768}


class Desk:
    """A person who has signed in to the front end at an address."""

    def __init__(self, browser: Browser, address: str, login: str) -> None:
        self.address, self.login = address, login
        self.page: Page = signed_in(browser, address, login, viewport=LAPTOP, accept_downloads=True)
        self.page.set_default_timeout(30_000)

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, fault: object, *_: object) -> None:
        """The person leaves by the button, so that the session ends with them."""
        if fault is not None:
            return
        self.page.get_by_role("button", name=f"Sign out {self.login}").click()
        expect(self.page.get_by_role("button", name="Sign in")).to_be_visible()
        self.page.context.close()

    def open(self, name: str, title: str, quarter: str = "Q1") -> None:
        """A page by its address, at a quarter, when all of it is drawn."""
        words = {"Q1": "Q1: Apr to Jun", "Q2": "Q2: Jul to Sep", "Q3": "Q3: Oct to Dec", "Q4": "Q4: Jan to Mar"}
        self.page.goto(f"{self.address}/{name}?quarter={words[quarter].replace(' ', '+').replace(':', '%3A')}")
        expect(self.page.get_by_role("heading", level=1, name=re.compile(title))).to_be_visible(timeout=60_000)
        settled(self.page)
        self.all_is_well()

    def all_is_well(self) -> None:
        """Nothing on the page is a fault of the program."""
        assert self.page.get_by_test_id("stException").count() == 0
        assert "Traceback" not in self.page.locator("body").inner_text()

    def choose(self, label: str, option: str) -> None:
        """The option of a select that begins so."""
        choose(self.page, re.compile(f"^{re.escape(label)}"), re.compile(f"^{re.escape(option)}"))

    def pick(self, label: str, option: str) -> None:
        """One of the ways that are shown beside each other."""
        group = self.page.get_by_role("radiogroup", name=label)
        group.get_by_text(option, exact=True).click()
        settled(self.page)

    def write(self, label: str, text: str) -> None:
        """Text into a field, left by the tabulator as people do."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Tab")
        settled(self.page)

    def day(self, label: str, digits: str) -> None:
        """A day, as the eight digits that are typed into its parts."""
        self.page.get_by_test_id("stDateInput").filter(has_text=label).get_by_role("spinbutton").first.click()
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Escape")

    def bring(self, label: str, name: str, content: bytes) -> None:
        """A file into an uploader."""
        uploader = self.page.get_by_test_id("stFileUploader").filter(has_text=re.compile(f"^{re.escape(label)}"))
        uploader.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        expect(uploader.get_by_role("button", name=f"Remove {name}")).to_be_visible()
        settled(self.page)

    def unfold(self, title: str) -> None:
        """What is folded under a title."""
        self.page.locator("summary").filter(has_text=title).click()

    def press(self, button: str) -> None:
        """A button, by how its words begin."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).first.click()
        settled(self.page)

    def told(self, words: str) -> None:
        """The page says what was done."""
        expect(self.page.get_by_test_id("stAlert").filter(has_text=words).first).to_be_visible()
        self.all_is_well()

    def reads(self, words: str) -> None:
        """Some words stand on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def table(self, caption: str) -> Locator:
        """A table by how its caption begins."""
        named = self.page.locator("caption", has_text=re.compile(f"^{re.escape(caption)}"))
        return self.page.locator("table").filter(has=named)

    def taken_away(self, button: str) -> tuple[str, bytes]:
        """The file that a button gives: its name and what is in it."""
        with self.page.expect_download(timeout=120_000) as coming:
            self.page.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).first.click()
        return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()
