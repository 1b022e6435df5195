"""A customer at the demo page: opens the chat, asks, reads what comes back."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Visitor:
    """Drives the widget the way a person does: by what is written on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self._heard("error", str(error)))
        page.goto(f"{url}/")

    def open(self) -> None:
        """Open the chat by its launcher."""
        self.page.locator("csb-chat button").first.click()
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        """The field to write in."""
        return self.page.locator("csb-chat .composer textarea")

    @property
    def mine(self) -> Locator:
        """The customer's own messages."""
        return self.page.locator("csb-chat li.message.mine .bubble")

    @property
    def theirs(self) -> Locator:
        """What the bot said, block by block."""
        return self.page.locator("csb-chat li.message.theirs .bubble")

    def ask(self, text: str) -> None:
        """Write and send with Enter."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def hears(self, piece: str) -> None:
        """Wait until the newest answer holds the piece."""
        expect(self.theirs.last).to_contain_text(piece)

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "ERR_CONNECTION_REFUSED" not in text and "WebSocket" not in text:
            self.problems.append(text)
