"""The page in a real browser: what a journalist does, and what a hostile article tries."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import Assistant
from tests.serve.conftest import ARTICLES, BYLINE, HEADLINE, OUTLET, SCRIPT, SUGGESTED, chromium

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
pytestmark = [
    pytest.mark.skipif(
        chromium() is None and not REQUIRED,
        reason="no Chromium on this machine (Debian: apt-get install chromium); REQUIRE_BROWSER=1 makes this a failure",
    ),
]


@dataclass
class Tab:
    """A page, and everything that went wrong or out while it was open."""

    page: Page
    server: str
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        expect(self.page.locator(".otr-question").first).to_have_text(question)
        expect(self.page.locator(".otr-busy")).to_have_count(0)

    def search(self, query: str, order: str) -> None:
        shown = self.page.locator(".otr-hits")
        self.page.get_by_role("tab", name="Search").click()
        self.page.get_by_label(order).check()
        before = shown.get_attribute("data-search") if shown.count() else ""
        self.page.get_by_label("Search for").fill(query)
        self.page.get_by_role("button", name="Search", exact=True).click()
        expect(shown).not_to_have_attribute("data-search", before or "")

    def assert_clean(self) -> None:
        assert self.page.evaluate("window.owned") is None, "text of an article ran as a script"
        elsewhere = [url for url in self.requests if not url.startswith((self.server + "/", "data:", "blob:"))]
        assert elsewhere == []
        assert self.console == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "REQUIRE_BROWSER=1, but there is no Chromium on this machine"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(browser: Browser, server: str, width: int = 1280, height: int = 900) -> Tab:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    page = context.new_page()
    page.set_default_timeout(20_000)
    tab = Tab(page, server)
    page.on("request", lambda request: tab.requests.append(request.url))
    page.on("pageerror", lambda error: tab.console.append(str(error)))
    page.on("console", lambda said: tab.console.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(server)
    expect(page.locator("#otr-top")).to_contain_text("6 articles")
    return tab


@pytest.fixture
def tab(browser: Browser, server: str) -> Iterator[Tab]:
    tab = opened(browser, server)
    yield tab
    tab.page.context.close()


def test_ask_read_open_and_copy(tab: Tab, assistant: Assistant, tmp_path: Path) -> None:
    page = tab.page
    page.get_by_role("button", name=SUGGESTED[0], exact=True).click()
    answer = assistant.ask(SUGGESTED[0])
    assert answer.status == "supported"
    expect(page.locator(".otr-said p").first).to_contain_text(answer.sentences[0].text)
    articles = {(citation.article_id, citation.version) for citation in answer.citations}
    expect(page.locator(".otr-cites li")).to_have_count(len(articles))
    expect(page.locator(".otr-turn .otr-fresh")).to_contain_text("6 articles, 2 March 2021 to 1 June 2023")

    cited = answer.citations[0]
    row = page.locator(".otr-cites li").first
    expect(row).to_contain_text("Northern Courier · 12 May 2023, 15:56 UTC · by Jonas Ek")
    row.locator(".otr-cite").click()
    mark = page.locator("mark")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => mark.textContent") == cited.text
    assert page.locator(".otr-text").evaluate("text => text.textContent") == assistant.article(cited.article_id).text
    link = page.get_by_role("link", name="Read at courier.example")
    assert link.get_attribute("href") == ARTICLES[0]["url"]
    assert "noopener" in (link.get_attribute("rel") or "")

    said = page.locator(".otr-said").first
    expect(said.locator("footer")).to_contain_text("Northern Courier · 12 May 2023, 15:56 UTC")
    said.get_by_role("button", name=re.compile("^Copy")).click()
    expect(said.locator(".otr-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert cited.text in copied
    assert "Harbour authority postpones ferry tender, Northern Courier, 12 May 2023" in copied
    page.screenshot(path=tmp_path / "answer.png")
    assert (tmp_path / "answer.png").stat().st_size > 10_000
    tab.assert_clean()


def test_hostile_articles_stay_text(tab: Tab) -> None:
    page = tab.page
    page.get_by_role("button", name=SUGGESTED[1], exact=True).click()
    expect(page.locator(".otr-question").first).to_have_text(SUGGESTED[1])
    expect(page.locator("#otr-suggested")).to_be_hidden()
    expect(page.locator(".otr-busy")).to_have_count(0)
    tab.search("zeppelin captain log", "Relevance")
    hit = page.locator(".otr-hits > li").filter(has_text="Zeppelin <img").first
    expect(hit).to_contain_text(f"{OUTLET} · 1 June 2023 · by {BYLINE}")
    hit.locator(".otr-cite").click()
    expect(page.locator(".otr-article h3")).to_have_text(HEADLINE)
    shown = str(page.locator(".otr-text").evaluate("text => text.textContent"))
    assert SCRIPT.strip() in shown
    assert page.locator(".otr-article a").count() == 0
    assert page.locator("#otr-main img, #otr-main iframe, #otr-main script, .otr-text *:not(mark)").count() == 0
    tab.search("balloon lake of mirrors", "Relevance")
    page.locator(".otr-hits > li").filter(has_text="balloon").first.locator(".otr-cite").click()
    expect(page.locator(".otr-article")).to_contain_text("The balloon drifted")
    tab.assert_clean()


def test_filters_and_orders(tab: Tab) -> None:
    page = tab.page
    tab.search("ferry", "Newest first")
    newest = page.locator(".otr-hits > li .otr-facts")
    expect(newest.first).to_contain_text("1 June 2023")
    page.get_by_label("Oldest first").check()
    expect(newest.first).to_contain_text("12 May 2023")
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="The Gazette").click()
    expect(page.locator(".otr-hits > li")).to_have_count(1)
    expect(newest.first).to_contain_text("The Gazette")

    page.get_by_role("tab", name="Ask").click()
    tab.ask("Which routes does the ferry tender cover?")
    expect(page.locator(".otr-chips").first).to_contain_text("The Gazette")
    expect(page.locator(".otr-cites .otr-facts").first).to_contain_text("The Gazette")
    page.get_by_label("From", exact=True).fill("1950")
    page.get_by_label("To (inclusive)").fill("1951")
    tab.ask("Why was the ferry tender postponed?")
    expect(page.locator(".otr-turn").first).to_contain_text("The archive does not say.")
    expect(page.locator(".otr-turn")).to_have_count(2)
    page.get_by_label("From", exact=True).fill("soon")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Type a question first.")
    page.get_by_label("Your question").fill("And now?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("'soon' is not a date")
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".otr-turn")).to_have_count(0)
    expect(page.locator("#otr-suggested")).to_be_visible()
    tab.assert_clean()


def test_inferences_can_be_removed_restored_and_changed(tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    tab.ask("Which routes did the ferry tender cover in May 2023, according to the Gazette?")
    chips = page.locator(".otr-turn").first.locator(".otr-chips li")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("May 2023")
    page.get_by_role("button", name="Ask again without outlet: The Gazette").click()
    restore = page.get_by_role("button", name="Stop ignoring the outlet")
    expect(restore).to_be_visible()
    expect(page.locator(".otr-turn")).to_have_count(1)
    restore.click()
    expect(page.get_by_role("button", name="Ask again without outlet: The Gazette")).to_be_visible()
    page.get_by_role("button", name="Change the dates: May 2023").click()
    expect(page.get_by_label("From", exact=True)).to_have_value("2023-05-01")
    expect(page.get_by_label("To (inclusive)")).to_have_value("2023-05-31")
    expect(page.get_by_label("Your question")).to_have_value(re.compile("^Which routes"))
    page.screenshot(path=tmp_path / "chips.png")
    tab.assert_clean()


def test_a_follow_up_shows_what_was_asked(tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    tab.ask("What happened to the ferry tender in May 2023?")
    tab.ask("and in March 2021?")
    expect(page.locator(".otr-turn")).to_have_count(2)
    first = page.locator(".otr-turn").first
    expect(first.locator(".otr-chips")).to_contain_text(
        "understood as “What happened to the ferry tender in March 2021?”"
    )
    page.screenshot(path=tmp_path / "follow-up.png")
    page.get_by_role("button", name=re.compile("^Ask again without earlier question")).click()
    expect(first.locator(".otr-chips")).to_contain_text("ignoring the earlier question")
    tab.assert_clean()


def test_arabic_runs_from_right_to_left(tab: Tab) -> None:
    tab.search("مناقصة العبّارات", "Relevance")
    hit = tab.page.locator(".otr-hits > li").filter(has_text="صحيفة الساحل").first
    hit.locator(".otr-cite").click()
    text = tab.page.locator(".otr-text")
    expect(text).to_have_css("direction", "rtl")
    expect(text).to_have_attribute("lang", "ar")
    tab.assert_clean()


def test_a_phone_and_a_keyboard_are_enough(browser: Browser, server: str) -> None:
    tab = opened(browser, server, width=390, height=844)
    page = tab.page
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("Why was the ferry tender postponed?")
    page.keyboard.press("Enter")
    expect(page.locator(".otr-cites li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".otr-ref").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_be_in_viewport()
    expect(page.locator(".otr-article h3")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".otr-article")).to_have_count(0)
    expect(page.locator(".otr-ref").first).to_be_focused()
    tab.assert_clean()
    page.context.close()


def test_sessions_keep_apart(browser: Browser, server: str, tab: Tab) -> None:
    tab.ask("Why was the ferry tender postponed?")
    expect(tab.page.locator(".otr-turn")).to_have_count(1)
    other = opened(browser, server)
    other.ask("Who debated the bridge toll?")
    expect(other.page.locator(".otr-turn")).to_have_count(1)
    tab.ask("Which routes does the ferry tender cover?")
    expect(tab.page.locator(".otr-turn")).to_have_count(2)
    expect(other.page.locator(".otr-turn")).to_have_count(1)
    other.page.context.close()


def test_quotes_of_a_speaker_along_a_timeline(tab: Tab, assistant: Assistant, tmp_path: Path) -> None:
    page = tab.page
    page.get_by_role("tab", name="Quotes").click()
    expect(page.locator("#otr-quotes")).to_contain_text("Pick a speaker")
    page.get_by_label("Speaker").fill("lindqvist")
    page.get_by_label("Speaker").press("Enter")
    expect(page.locator(".otr-speaker")).to_contain_text("Marta Lindqvist")
    first = page.locator(".otr-timeline .otr-cite").first
    listing = first.get_attribute("data-turn")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(first).not_to_have_attribute("data-turn", listing or "")  # listed anew: what was listed before is no more
    listed = assistant.quotes(speaker="Lindqvist").quotes
    expect(page.locator(".otr-timeline .otr-words")).to_have_count(len(listed))
    item = page.locator(".otr-timeline li").filter(has_text="We want every bidder").last
    expect(item).to_contain_text("Marta Lindqvist · said · Northern Courier · 12 May 2023, 15:56 UTC")
    item.locator(".otr-cite").click()
    mark = page.locator("mark")
    expect(mark).to_be_in_viewport()
    assert mark.evaluate("mark => mark.textContent") == "“We want every bidder to see the same survey,”"
    item.get_by_role("button", name=re.compile("^Copy")).click()
    expect(item.locator(".otr-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "survey,”\n— Marta Lindqvist. Harbour authority postpones ferry tender, Northern Courier" in copied
    page.screenshot(path=tmp_path / "quotes.png")
    page.get_by_label("Reported").check()
    expect(page.locator(".otr-timeline .otr-direct")).to_have_count(0)
    page.get_by_label("Speaker").fill("Nobody <b>Here</b>")
    page.get_by_label("Speaker").press("Enter")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#otr-quotes")).to_contain_text("Nobody named Nobody <b>Here</b> is quoted")
    tab.assert_clean()
