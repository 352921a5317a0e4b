"""The pictures of the guides, taken in a real Chromium of the demo's console: ``python -m tools.pictures [NAME…]``.

Each stands in ``docs/pictures/en`` and ``docs/pictures/fr``. The demo's facts and dates are always the same, so that a
picture changes only where its page does (and the name that each ledger draws for its log, on the page of the evidence).
"""

import base64
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from tools.demo import main as demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update")
WIDTH, HEIGHT, SCALE, QUALITY = 1280, 700, 1.25, 68
LINES = 6
"""Up to the key, of what the console prints."""

ALPHA = "/contracts/C-ALPHA"
GENERAL_TERMS = "/agreements/outscale-cgv-2019"
IN_JUNE = "at=2026-06-02T09:00:00%2B02:00"
"""While the penalty of May 2026 can be claimed."""
VM = "outscale-cgv-2019/sla4-vm-availability"
VM_IN_JUNE = quote(f"indicators[indicator={VM}][resource=][period.from=2026-06-01T00:00:00+02:00]")


@dataclass(frozen=True)
class Picture:
    """A page of the demo's console, from the top of an element down to so many pixels at most."""

    path: str
    frame: str = "body"
    height: int = HEIGHT


PICTURES = {
    "sign-in": Picture("/sign-in", height=520),
    "portfolio": Picture("/", height=640),
    "service-levels": Picture(f"{ALPHA}/service-levels"),
    "line": Picture(f"{ALPHA}/service-levels/line?indicator={quote(VM)}", "main section.card, main .card", 560),
    "figure": Picture(f"{ALPHA}/figure?path={VM_IN_JUNE}", "article.figure", 1000),
    "clause": Picture(f"{GENERAL_TERMS}#sla4-vm-availability", "tr:target", 260),
    "claimable": Picture(f"{ALPHA}/penalties?{IN_JUNE}", height=600),
    "penalty": Picture(f"{ALPHA}/figure?path=penalties%5Bperiod_end%3D2026-05-31%5D&{IN_JUNE}", "article.figure", 700),
    "documents": Picture(f"{ALPHA}/documents?{IN_JUNE}", "main h2", 760),
    "reserves": Picture(f"{ALPHA}/deadlines?state=pending&{IN_JUNE}", "main h2", 420),
    "dispute": Picture(f"{ALPHA}/dispute?parameter=cap.example", "main form.card", 880),
    "bundle": Picture(f"{ALPHA}/bundle", "main h2", 730),
    "evidence": Picture("/evidence", "main", 760),
    "end": Picture(f"{ALPHA}/end", "main h2", 760),
    "compared": Picture("/agreements/compare?one=outscale-cgv-2019&other=ct-secure-temple", "main", 640),
    "calendar": Picture("/calendar", "main", 420),
    "coverage": Picture(f"{GENERAL_TERMS}/coverage", "main", 560),
    "timeline": Picture(f"{ALPHA}/timeline", "main h2", 560),
}


class Clip(TypedDict):
    """A part of a page, in pixels of its style sheet."""

    x: float
    y: float
    width: float
    height: float


def visitor(browser: "Browser", url: str, key: str, lang: str) -> "Page":
    """A page of somebody who signed in."""
    page = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=SCALE,
        locale=LOCALES[lang],
        color_scheme="light",
        reduced_motion="reduce",
    ).new_page()
    page.goto(f"{url}/sign-in")
    page.fill("#key", key)
    page.click("main button.main")
    page.wait_for_url(lambda found: "/sign-in" not in found)
    return page


def opened(page: "Page", url: str, picture: Picture) -> Clip:
    """Opens the page of a picture; where on it the picture is. Raises LookupError where it is not there."""
    answer = page.goto(url + picture.path)
    # A second look at the same page, at another place of it, asks the server for nothing.
    if answer is not None and not answer.ok:
        raise LookupError(f"{picture.path}: {answer.status}")
    found = page.locator(picture.frame)
    if not found.count():
        raise LookupError(f"{picture.path}: it has no {picture.frame}")
    top = found.first.evaluate("one => one.getBoundingClientRect().top + scrollY") if picture.frame != "body" else 0
    whole = page.evaluate("document.documentElement.scrollHeight")
    return {"x": 0, "y": max(top - 16, 0), "width": WIDTH, "height": min(picture.height, whole - top)}


def taken(page: "Page", clip: Clip) -> bytes:
    """The picture as WebP."""
    session = page.context.new_cdp_session(page)
    asked = {"format": "webp", "quality": QUALITY, "clip": {**clip, "scale": 1}, "captureBeyondViewport": True}
    return base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])


@contextmanager
def console() -> Iterator[tuple[str, str]]:
    """The demo's console, on a spare port: its address and a key."""
    with TemporaryDirectory(prefix="greffe-pictures-") as folder:
        with redirect_stdout(sys.stderr):
            demo(["--out", folder])
        words = [sys.executable, "-m", "tools.console", "--out", folder, "--port", "0"]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own tool
            assert process.stdout is not None
            try:
                url, key = re.findall(r"http://[^/\s]+|greffe_\w+", "".join(next(process.stdout) for _ in range(LINES)))
                yield url, key
            finally:
                process.terminate()


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def main() -> int:
    """Takes every picture anew, or those that are named, and removes those that no longer are."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only here and in the tests

    found = chromium()
    if found is None:
        print("the pictures are taken in Chromium: apt-get install chromium", file=sys.stderr)
        return 2
    with console() as (url, key), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        for lang in LOCALES:
            folder = FOLDER / lang
            folder.mkdir(parents=True, exist_ok=True)
            page = visitor(browser, url, key, lang)
            for name in sys.argv[1:] or PICTURES:
                file = folder / f"{name}.webp"
                file.write_bytes(taken(page, opened(page, url, PICTURES[name])))
                print(f"{file.relative_to(ROOT)} {file.stat().st_size // 1000} kB")
            for old in folder.glob("*.webp"):
                if old.stem not in PICTURES:
                    old.unlink()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
