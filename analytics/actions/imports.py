"""Loading files, listing the receipts, taking a load back."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from analytics import intake
from analytics.actions.access import require
from analytics.domain.loads import Actor, Receipt, StagedFile
from analytics.errors import OperatorError
from analytics.store import loads, shops
from analytics.store.warehouse import Warehouse

FIRST_SHOP = "店铺1"
HELD_BY_ANOTHER_SHOP = 0.6  # formats.md A.10: from this share of known order ids on, the file is probably another shop's


@dataclass(frozen=True)
class ImportOptions:
    """What an operator says about a file beside the file itself."""

    shop: str | None = None
    list_kind: str | None = None
    exported_at: datetime | None = None
    password: str | None = None
    dry_run: bool = False
    strict: bool = False
    has_next: bool = False  # another file follows: its reader may start while this one is read and stored


def prepare() -> None:
    """Start the reader of the first file while the ledger is still being opened."""
    intake.prepare_reader()


def choose_shop(warehouse: Warehouse, wanted: str | None) -> str:
    """Return the shop a drop belongs to: the one named, else the only one there is, else 店铺1.

    Raises OperatorError when several real shops exist and none is named.
    """
    if wanted is not None:
        return shops.clean_name(wanted)
    with warehouse.cursor() as cursor:
        known = shops.real_shops(cursor)
    if len(known) > 1:
        raise OperatorError(
            "店铺", f"已有 {len(known)} 个：{'、'.join(known)}", "指明这个文件属于哪一个店铺", "请加上 --shop 店铺名。"
        )
    return known[0] if known else FIRST_SHOP


def import_file(warehouse: Warehouse, path: Path, options: ImportOptions, *, actor: Actor, now: datetime) -> Receipt:
    """Read one file of any known kind and store it in one transaction; return its receipt.

    With `dry_run` nothing is kept; with `strict` nothing is stored as soon as one row is rejected (then load_id is None).
    Raises OperatorError when the file cannot be read or the shop is unclear; the ledger is then as it was.
    """
    shop = choose_shop(warehouse, options.shop)
    require(actor, "operate", shop)
    sha256 = _sha256(path)
    earlier = _loaded_before(warehouse, path, sha256, shop, options)
    if earlier is not None:
        return _nothing_new(earlier, options)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="load-", dir=warehouse.staging))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        staged = _read(warehouse, path, sha256, folder, options)
        staged = _asked_about(warehouse, staged, shop, is_named=options.shop is not None)
        if options.dry_run or (options.strict and staged.rejected_count):
            return loads.preview_load(warehouse, staged, shop=shop)
        return loads.commit_load(warehouse, staged, shop=shop, actor=actor, now=now)


def list_imports(warehouse: Warehouse, *, actor: Actor, shop_names: Sequence[str] = ()) -> list[Receipt]:
    """Return the receipts of the loads of these shops (none named: of all of the actor's), undone ones included, newest first.

    Raises OperatorError when a shop is asked for that is not the actor's.
    """
    for shop in shop_names or (None,):
        require(actor, "view", shop)
    with warehouse.cursor() as cursor:
        return loads.list_loads(cursor, shops=tuple(shop_names) or actor.shops)


def undo_import(warehouse: Warehouse, load_id: int, *, actor: Actor, now: datetime) -> Receipt:
    """Take a load back, so that the ledger is as if its file had never come.

    Raises OperatorError when there is no such load or it was taken back before.
    """
    with warehouse.cursor() as cursor:
        receipt = next((r for r in loads.list_loads(cursor) if r.load_id == load_id), None)
    require(actor, "operate", receipt.shop if receipt else None)
    return loads.undo_load(warehouse, load_id, actor=actor, now=now)


def _read(warehouse: Warehouse, path: Path, sha256: str, folder: Path, options: ImportOptions) -> StagedFile:
    return intake.read_file(
        path,
        sha256=sha256,
        staging=folder,
        list_kind=options.list_kind,
        exported_at=options.exported_at,
        password=options.password,
        buyer_key=warehouse.buyer_key(),
        has_next=options.has_next,
    )


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise OperatorError(f"「{path.name}」", "没有这个文件", "一个存在的文件", "请检查路径和文件名。")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _loaded_before(warehouse: Warehouse, path: Path, sha256: str, shop: str, options: ImportOptions) -> Receipt | None:
    list_kind = options.list_kind or intake.guess_list_kind(path.name)
    with warehouse.cursor() as cursor:
        return loads.find_loaded(cursor, sha256, shop=shop, list_kind=list_kind)


def _nothing_new(earlier: Receipt, options: ImportOptions) -> Receipt:
    """The receipt of a file that is already in: all its good rows are unchanged."""
    if options.exported_at not in (None, earlier.exported_at):
        raise OperatorError(
            f"「{earlier.file}」",
            f"已在 {earlier.loaded_at:%Y-%m-%d %H:%M} 导入（编号 {earlier.load_id}），当时记的导出时间不同",
            "同一个文件只有一个导出时间",
            f"要改导出时间，请先 imports undo {earlier.load_id}，再重新导入。",
        )
    return replace(
        earlier, new=0, updated=0, older=0, unchanged=earlier.rows - earlier.rejected, already_loaded_at=earlier.loaded_at
    )


def _asked_about(warehouse: Warehouse, staged: StagedFile, shop: str, *, is_named: bool) -> StagedFile:
    """Let a file pass whose orders are not another shop's, or whose known shop was named on purpose; then it is a surprise.

    Raises OperatorError for a file that most likely belongs to another shop.
    """
    with warehouse.cursor() as cursor:
        share_by_shop = loads.shop_overlap(cursor, staged)
        is_known = is_named and shop in shops.real_shops(cursor)
    for other, share in share_by_shop.items():
        if other == shop or other == shops.SAMPLE_SHOP or share < HELD_BY_ANOTHER_SHOP:
            continue
        found = f"{share:.0%} 的订单号已属于店铺「{other}」"
        if is_known:
            return replace(staged, surprises=(*staged.surprises, found))
        remedy = f"若属于「{other}」，请加上 --shop {other}；若那次导入放错了店铺，请先用 imports undo 撤销它。"
        raise OperatorError(f"「{staged.file_name}」", found, f"属于店铺「{shop}」的订单", remedy)
    return staged
