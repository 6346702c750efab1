"""What the pages look like, as pictures in docs/screens (`python start.py screens`): always the sample of the same day."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from analytics.ui.navigation import GROUPS
from tests.browser.ground import ROOT, Visit, context_of, launch, make_sample_home, running

FOLDER = ROOT / "docs" / "screens"
PAGES = [name for names in GROUPS.values() for name in names]
MOST_BYTES = 250_000
SCALES = (1.0, 0.85, 0.7, 0.6, 0.5)  # the largest that fits


@dataclass(frozen=True)
class Look:
    """One picture: a page as one reader sees it."""

    page: str
    language: str = "zh"
    theme: str = "light"
    width: int = 1440

    @property
    def file_name(self) -> str:
        """Name what differs from the ordinary look."""
        marks = [self.page, *([self.language] if self.language != "zh" else []), *([self.theme] if self.theme != "light" else [])]
        return "-".join([*marks, *(["phone"] if self.width < 600 else [])]) + ".png"


LOOKS = (
    *(Look(page) for page in PAGES),
    Look("overview", width=390),
    Look("losses", theme="dark"),
    Look("overview", language="en"),
)


def save(picture: Image.Image, path: Path) -> int:
    """Write a picture small enough for a repository and return its size in bytes."""
    for scale in SCALES:
        size = (round(picture.width * scale), round(picture.height * scale))
        scaled = picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS)
        scaled.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break
    return path.stat().st_size


def main() -> None:
    """Take all pictures; those of pages that are no more are removed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="screens-", ignore_cleanup_errors=True) as name, sync_playwright() as playwright:
        place = Path(name)
        home = make_sample_home(place / "home", is_whole=True)
        with running(home, place) as server:
            browser = launch(playwright)
            for look in LOOKS:
                context = context_of(browser, language=look.language, theme=look.theme, width=look.width)
                picture = Visit(context.new_page(), server, look.language).open(look.page).screenshot(is_whole=True)
                print(f"{look.file_name}: {save(picture, folder / look.file_name):,} bytes", flush=True)
                context.close()
            browser.close()
    for path in folder.glob("*.png"):
        if path.name not in {look.file_name for look in LOOKS}:
            path.unlink()


if __name__ == "__main__":
    main()
