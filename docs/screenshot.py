"""Write docs/screenshot.png: the web app on the sample archive, a question asked and a citation opened.

    python docs/screenshot.py [ARCHIVE] [PICTURE]

Needs the sample archive (``make sample``), Playwright and a Chromium that is on the machine; downloads nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1280, 900
QUESTION = "What did Ingrid Halloran say about the Skarra ferry?"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def address(server: subprocess.Popen[str]) -> str:
    """Return where the server listens, once it says so."""
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"http://\S+", line):
            return found.group()
    raise SystemExit("the server ended before it listened; is there an archive? Build it with: make sample")


def ask(page: Page) -> None:
    """Ask the question and open the first source."""
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".otr-cites .otr-cite").first.click()
    expect(page.locator("mark")).to_be_visible()
    page.evaluate("window.scrollTo(0, 0)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)


def main() -> None:
    """Start the app, take the picture, stop the app."""
    archive = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "indexes" / "sample")
    picture = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "docs" / "screenshot.png")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("no Chromium on this machine (Debian: apt-get install chromium)")
    surroundings = {**os.environ, "ONTHERECORD_ARCHIVE": archive, "ONTHERECORD_SERVER__PORT": "0"}
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")], stderr=subprocess.PIPE, text=True, env=surroundings, cwd=ROOT
    )
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.set_default_timeout(60_000)
            page.goto(address(server))
            ask(page)
            page.screenshot(path=picture)
            browser.close()
    finally:
        server.terminate()
        server.communicate(timeout=30)


if __name__ == "__main__":
    main()
