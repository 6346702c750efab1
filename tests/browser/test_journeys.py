"""What an operator does, in a real browser: import and undo, share a view, click a bar, weigh a cost, take files home."""

from __future__ import annotations

import csv
import re
import shutil
from io import StringIO
from pathlib import Path

import openpyxl
from PIL import Image
from playwright.sync_api import Download, Locator

from tests.browser.ground import Server, Visit
from tests.journeys.exports import order, write_orders

LEAST_COLOURS = 40


def press(seen: Visit, name: str | re.Pattern[str], *, number: int = 0) -> Visit:
    """Press one of the buttons of this name and wait for what it does."""
    seen.page.get_by_role("button", name=name).nth(number).click()
    return seen.settled()


def choose(seen: Visit, label: str, option: str) -> Visit:
    """Choose an option of the list with this label."""
    seen.page.get_by_label(label, exact=True).first.click()
    seen.page.get_by_role("option", name=option, exact=True).click()
    return seen.settled()


def bar_of(seen: Visit, chart: int) -> Locator:
    """The first bar of a chart of the page."""
    return seen.page.get_by_test_id("stPlotlyChart").nth(chart).locator(".point path").first


def click_bar(seen: Visit, chart: int) -> Visit:
    """Click where the first bar is: what takes the clicks lies over the bars."""
    bar = bar_of(seen, chart)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return seen


def downloaded(seen: Visit, button: Locator, folder: Path) -> tuple[Download, Path]:
    """Press a button that gives a file and keep the file."""
    with seen.page.expect_download() as waiting:
        button.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return waiting.value, path


def test_a_dropped_export_becomes_figures_and_an_undo_takes_them_back(home, fresh, visit, tmp_path):
    seen = visit(fresh(home)).open()
    sample_title = seen.title
    export = write_orders(tmp_path / "订单导出_20261101101500.csv", *(order(f"90{number}") for number in range(4)))
    seen.menu("imports").page.locator("input[type=file]").first.set_input_files(export)
    press(seen, seen.words("imports.confirm", files="1"))
    seen.page.get_by_role("button", name=seen.words("imports.undo")).first.wait_for()  # it is stored
    assert "¥400.00" in seen.menu("overview").title
    press(seen.menu("imports"), seen.words("imports.undo"))
    press(seen, seen.words("imports.undo_yes"))
    seen.page.get_by_text(seen.words("imports.told_undo", file=export.name)).first.wait_for()
    assert seen.menu("overview").title == sample_title


def test_a_shared_link_shows_the_same_view_in_another_process(home, fresh, visit, tmp_path):
    seen = visit(fresh(home)).open("losses")
    first = (seen.title, seen.figures)
    choose(seen, seen.words("period.label"), seen.words("period.d7"))
    choose(seen, seen.words("clock.label"), "按退款日")
    shared, view = seen.page.url, (seen.title, seen.figures)
    assert view != first
    other_home = Path(shutil.copytree(home, tmp_path / "同事", ignore=shutil.ignore_patterns("*.wal", "lock*")))
    other: Server = fresh(other_home)
    again = visit(other).open(shared.split("/", 3)[3])
    assert (again.title, again.figures) == view


def test_a_click_on_a_bar_filters_and_a_second_click_clears(server, visit):
    seen = visit(server).open("losses")
    before = (seen.title, seen.figures)
    chip = seen.page.get_by_role("button").filter(has_text=re.compile(r"close\s*商品："))
    assert chip.count() == 0
    click_bar(seen, 1)
    chip.first.wait_for()
    seen.settled()
    assert "product=" in seen.page.url
    assert seen.figures != before[1]
    click_bar(seen, 1)
    chip.first.wait_for(state="detached")
    seen.settled()
    assert (seen.title, seen.figures) == before
    assert "product=" not in seen.page.url


def test_another_cost_says_what_it_would_change_before_it_is_saved(home, fresh, visit):
    seen = visit(fresh(home)).open("costs")
    assert seen.words("costs.would_be") not in seen.text
    seen.page.get_by_role("button", name=re.compile(re.escape("退货货损率"))).first.click()
    seen.settled()
    field = seen.page.get_by_label(seen.words("costs.value.ppm"), exact=True)
    field.fill("60%")
    field.press("Tab")
    press(seen.settled(), seen.words("costs.weigh"))
    seen.page.get_by_text(seen.words("costs.would_be")).first.wait_for()
    assert re.search(r"¥[\d,.]+", seen.page.get_by_test_id("stAlert").first.inner_text())
    assert seen.page.get_by_role("button", name=seen.words("costs.save"), exact=False).count() == 1


def test_a_chart_comes_home_as_a_picture(server, visit, tmp_path):
    seen = visit(server).open()
    chart = seen.page.get_by_test_id("stPlotlyChart").first
    chart.hover()
    button = chart.locator("[data-title*='PNG'], [aria-label*='PNG']").first
    _, path = downloaded(seen, button, tmp_path)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        colours = picture.convert("RGB").getcolors(1 << 20)
    assert colours is None or len(colours) > LEAST_COLOURS


def test_a_table_comes_home_as_csv_and_as_a_workbook_that_names_the_filters(server, visit, tmp_path):
    seen = visit(server).open("losses")
    _, text = downloaded(seen, seen.page.get_by_role("button", name=re.compile("CSV")).first, tmp_path)
    rows = list(csv.reader(StringIO(text.read_text(encoding="utf-8-sig"))))
    assert len(rows) > 5
    assert len({len(row) for row in rows}) == 1
    _, path = downloaded(seen, seen.page.get_by_role("button", name=re.compile("XLSX")).first, tmp_path)
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0].max_row == len(rows)
    told = {str(cell.value) for row in book[seen.words("download.filters")].iter_rows() for cell in row}
    assert seen.words("clock.label") in told
