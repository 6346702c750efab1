"""The sample shop as files on the disk, ready to be imported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analytics.actions.templates import write_filled
from analytics.domain.sample_shop.files import Export, build_shop, sample_exports
from analytics.present.exports import platform_csv_bytes, platform_xlsx_bytes


def write_sample(folder: Path, *, until: date, seed: int) -> list[Path]:
    """Write the exports of the sample shop up to `until` into a folder, made if it is missing, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, export) for export in sample_exports(build_shop(until=until, seed=seed))]


def _write(folder: Path, export: Export) -> Path:
    if export.template:
        return write_filled(folder, export.template, export.rows, written_at=export.exported_at)
    path = folder / export.name
    if path.suffix == ".xlsx":
        content = platform_xlsx_bytes(export.columns, export.rows, written_at=export.exported_at)
    else:
        content = platform_csv_bytes(export.columns, export.rows, encoding=export.encoding, title=export.title)
    path.write_bytes(content)
    return path
