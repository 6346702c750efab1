"""Which format a sheet has: finding the header row, and which of its columns is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from analytics.errors import OperatorError
from analytics.intake.formats import Column, Format, formats, plain_header

MOST_NAMED = 6  # columns found, in a sentence about those that are missing
HEADER_ROWS = 20  # formats.md A.1: how far down a header row is looked for
_EXPLANATIONS = 3  # rows of explanation that may stand under a header
_ROWS_OF_PROOF = 3
_EXACT_TYPES = {"id", "parcel", "money", "amount", "time", "date", "count"}
_REMEDY = "请从平台后台重新导出并直接上传，不要改动表头。"


@dataclass(frozen=True)
class Layout:
    """Where a format's columns stand in one sheet: `places` maps a field to its index, row numbers count from 0."""

    format: Format
    header: tuple[str, ...]
    header_row: int
    first_data_row: int
    places: dict[str, int]

    @property
    def columns(self) -> list[Column]:
        """Return the format's columns that the sheet has."""
        return [column for column in self.format.columns if column.field in self.places]

    def header_of(self, column: Column) -> str:
        """Return a column's header as the file writes it."""
        return self.header[self.places[column.field]].strip()


def find_layout(head: Sequence[Sequence[str]], list_kind: str | None, where: str) -> Layout | None:
    """Find the header row among the first rows of a sheet; None when no row fits any format.

    Raises OperatorError when two kinds of file fit the same row.
    """
    for index, row in enumerate(head[:HEADER_ROWS]):
        fitting = _most_specific([fit for one in formats() if (fit := _fit(one, row, list_kind)) and not _missing(*fit)])
        if len(fitting) > 1:
            raise _two_kinds(where, fitting)
        if fitting:
            found, places, _ = fitting[0]
            header = (*row, *_surplus(row, head[index + 1 :]))
            layout = Layout(found, header, index, index + 1, places)
            return Layout(found, header, index, index + 1 + _explanations(layout, head), places)
    return None


def known_headers(row: Sequence[str]) -> int:
    """Count the cells of a row that are a header of any format."""
    return sum(plain_header(cell) in _all_headers() for cell in row if cell)


def no_layout(head: Sequence[Sequence[str]], list_kind: str | None, where: str) -> OperatorError:
    """Say which known columns were found and which are missing; what is no known header is not repeated, it may be data."""
    fits = [(row, fit) for row in head[:HEADER_ROWS] for one in formats() if (fit := _fit(one, row, list_kind))]
    row, best = max(fits, key=lambda pair: (len(pair[1][1]), -len(_missing(*pair[1]))), default=((), None))
    if best is None or len(best[1]) < 2:
        titles = "、".join(one.title_zh for one in formats())
        return OperatorError(where, f"前 {HEADER_ROWS} 行里没有认得的表头", f"{titles}之一的表头", _REMEDY)
    format_, places, _ = best
    known = [f"「{row[index].strip()}」" for index in places.values()]
    seen = "、".join(known[:MOST_NAMED]) + (f" 等 {len(known)} 列" if len(known) > MOST_NAMED else "")
    missing = "、".join(f"「{column.header}」" for column in _missing(*best))
    return OperatorError(where, f"像是{format_.title_zh}，有{seen}，但没有{missing}", f"表头里有{missing}", _REMEDY)


def surprises_of(layout: Layout) -> list[str]:
    """Name the columns of a sheet that nobody knows, the usual ones that it lacks, and those it has twice."""
    plain = [plain_header(cell) for cell in layout.header]
    used = set(layout.places.values())
    known = {plain_header(header) for column in layout.format.columns for header in column.headers} | layout.format.ignored
    strange = dict.fromkeys(
        cell.strip()
        for index, cell in enumerate(layout.header)
        if plain[index] and plain[index] not in known and index not in used
    )
    said = []
    if strange:
        said.append("不认识的列（未读取）：" + "、".join(_shown_header(name) for name in strange))
    missing = [column.header for column in layout.format.columns if column.is_usual and column.field not in layout.places]
    if missing:
        said.append("缺少平时有的列：" + "、".join(f"「{name}」" for name in missing))
    twice = dict.fromkeys(layout.header[index].strip() for index in sorted(used) if plain.count(plain[index]) > 1)
    said += [f"「{name}」列出现了不止一次，只读第一列" for name in twice]
    return said


Fit = tuple[Format, dict[str, int], str | None]


@cache
def _all_headers() -> set[str]:
    return {plain_header(header) for one in formats() for column in one.columns for header in column.headers} | {
        header for one in formats() for header in one.ignored
    }


def _fit(one: Format, row: Sequence[str], list_kind: str | None) -> Fit | None:
    """Return where a format's columns stand in a row of headers; a plain list of orders needs no tool column."""
    first_place = {}
    for index, cell in enumerate(row):
        first_place.setdefault(plain_header(cell), index)
    places = {}
    for column in one.columns:
        index = next((first_place[name] for header in column.headers if (name := plain_header(header)) in first_place), None)
        if index is not None:
            places[column.field] = index
    is_plain_list = list_kind not in (None, "", "all") and sum(bool(cell.strip()) for cell in row) <= one.plain_list_columns
    return (one, places, "tool" if is_plain_list else None) if places else None


def _missing(one: Format, places: dict[str, int], spared: str | None) -> list[Column]:
    return [column for column in one.columns if column.is_required and column.field not in places and column.field != spared]


def _most_specific(fits: list[Fit]) -> list[Fit]:
    """Drop a format whose columns another fitting format has all and more of."""
    covered = [set(fit[1].values()) for fit in fits]
    return [fit for fit, mine in zip(fits, covered, strict=True) if not any(mine < other for other in covered)]


def _two_kinds(where: str, fits: list[Fit]) -> OperatorError:
    titles = "、".join(fit[0].title_zh for fit in fits)
    return OperatorError(where, f"表头同时符合：{titles}", "只符合一种文件的表头", "请删去多余的列，或从平台后台重新导出。")


def _surplus(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the nameless columns of a file that ends every row but the header with delimiters.

    One row alone proves nothing: it may hold a delimiter too many, and then all its cells are in the wrong place.
    """
    data = [row for row in rows if any(cell.strip() for cell in row)]
    surpluses = {tuple(cell.strip() for cell in row[len(header) :]) for row in data}
    if len(data) < _ROWS_OF_PROOF or len(surpluses) > 1 or any(cell for surplus in surpluses for cell in surplus):
        return []
    return list(*surpluses)


def _explanations(layout: Layout, head: Sequence[Sequence[str]]) -> int:
    """Count the rows under the header that explain it: text, but not one digit in any column of ids, money or times."""
    places = [layout.places[column.field] for column in layout.columns if column.type in _EXACT_TYPES]
    count = 0
    for row in head[layout.first_data_row : layout.first_data_row + _EXPLANATIONS]:
        cells = [row[index].strip() for index in places if index < len(row)]
        if not any(cells) or any(re.search(r"\d", cell) for cell in cells) or all(cell in "-/—" for cell in cells):
            break
        count += 1
    return count


def _shown_header(name: str) -> str:
    """Show a header that nobody knows, unless it looks like data."""
    return f"「{name}」" if len(name) <= 30 and not re.search(r"\d{5}", name) else "「…」"
