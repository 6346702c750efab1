"""Loading files, listing the receipts, taking a load back."""

from __future__ import annotations

import hashlib
import json
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


@dataclass(frozen=True)
class RejectedRow:
    """A row that was set aside: where it stands in the file, and its cells that may be shown."""

    sheet: str | None
    row: int
    cells: dict[str, str]


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


@dataclass(frozen=True)
class Preview:
    """What storing a file would come to: the receipt it would get, and the shop it more likely belongs to, if there is one."""

    receipt: Receipt
    other_shop: str | None = None
    other_share: float = 0.0  # of the file's order ids that the other shop holds, 0 to 1


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


def loaded_before(
    warehouse: Warehouse, sha256: str, *, file_name: str, shop: str, list_kind: str | None, actor: Actor
) -> Receipt | None:
    """Return the receipt of the load that holds exactly this file for this shop and list, None when there is none."""
    require(actor, "operate", shop)
    with warehouse.cursor() as cursor:
        return loads.find_loaded(cursor, sha256, shop=shop, list_kind=list_kind or intake.guess_list_kind(file_name))


def read_upload(
    warehouse: Warehouse, path: Path, options: ImportOptions, *, file_name: str, sha256: str, folder: Path, actor: Actor
) -> StagedFile:
    """Read an uploaded file, which its operator calls `file_name`, into a folder; nothing of it is stored yet.

    Raises OperatorError when the file cannot be read.
    """
    require(actor, "operate", options.shop)
    return _read(warehouse, path, sha256, folder, options, file_name=file_name)


def preview_staged(warehouse: Warehouse, staged: StagedFile, *, shop: str, actor: Actor) -> Preview:
    """Say what storing a read file in a shop would come to now; nothing is kept."""
    require(actor, "operate", shop)
    receipt = loads.preview_load(warehouse, staged, shop=shop)
    other, share = _held_elsewhere(warehouse, staged, shop) or (None, 0.0)
    return Preview(receipt, other, share)


def store_staged(warehouse: Warehouse, staged: StagedFile, *, shop: str, actor: Actor, now: datetime) -> Receipt:
    """Store a read file in a shop in one transaction; return its receipt.

    A file that most likely belongs to another shop is stored as well, with that among its surprises: the operator was asked.
    Raises OperatorError when there is too little room; the ledger is then as it was.
    """
    require(actor, "operate", shop)
    found = _held_elsewhere(warehouse, staged, shop)
    if found:
        staged = replace(staged, surprises=(*staged.surprises, _elsewhere(*found)))
    return loads.commit_load(warehouse, staged, shop=shop, actor=actor, now=now)


def known_shops(warehouse: Warehouse, *, actor: Actor) -> tuple[list[str], str | None]:
    """Return the real shops of the actor in the order of their first load, and the sample shop's name while it is held."""
    require(actor, "view")
    with warehouse.cursor() as cursor:
        real, every = shops.real_shops(cursor), shops.all_shops(cursor)
    own = [shop for shop in real if not actor.shops or shop in actor.shops]
    return own, shops.SAMPLE_SHOP if shops.SAMPLE_SHOP in every else None


def usual_shop(warehouse: Warehouse, *, actor: Actor) -> str:
    """Return the shop that a drop most likely belongs to: the real one that got the last import, else 店铺1."""
    real = [receipt for receipt in list_imports(warehouse, actor=actor) if receipt.shop != shops.SAMPLE_SHOP]
    own = next((receipt.shop for receipt in real if receipt.loaded_by == actor.name), None)
    return own or next((receipt.shop for receipt in real), None) or next(iter(actor.shops), FIRST_SHOP)


def real_shop(name: str) -> str:
    """Return a shop's name as the ledger writes it. Raises OperatorError for no name, and for the sample shop's."""
    cleaned = shops.clean_name(name)
    if cleaned == shops.SAMPLE_SHOP:
        raise OperatorError("店铺", f"「{cleaned}」是示例数据的名字", "您自己店铺的名字", "请换一个名字。")
    return cleaned


def rejected_rows(warehouse: Warehouse, load_id: int, *, actor: Actor) -> list[RejectedRow]:
    """Return the rows that a load set aside: sheet, row in the file, and the cells that may be shown, by their headers."""
    receipt = _receipt_of(warehouse, load_id)
    require(actor, "view", receipt.shop if receipt else None)
    with warehouse.cursor() as cursor:
        found = loads.rejected_rows(cursor, load_id)
    return [RejectedRow(sheet, row, json.loads(cells)) for sheet, row, cells in found]


def list_imports(warehouse: Warehouse, *, actor: Actor, shop_names: Sequence[str] = ()) -> list[Receipt]:
    """Return the receipts of the loads of these shops (none named: of all of the actor's), undone ones included, newest first.

    Raises OperatorError when a shop is asked for that is not the actor's.
    """
    for shop in shop_names or (None,):
        require(actor, "view", shop)
    with warehouse.cursor() as cursor:
        return loads.list_loads(cursor, shops=tuple(shop_names) or actor.shops)


def list_receipts(warehouse: Warehouse, *, actor: Actor) -> list[Receipt]:
    """Return the receipts of `list_imports` without their problems, of which there may be a thousand each."""
    return [replace(receipt, problems=()) for receipt in list_imports(warehouse, actor=actor)]


def find_receipt(warehouse: Warehouse, load_id: int, *, actor: Actor) -> Receipt | None:
    """Return the whole receipt of a load, None when there is no such load. Raises OperatorError for one of others' shops."""
    receipt = _receipt_of(warehouse, load_id)
    require(actor, "view", receipt.shop if receipt else None)
    return receipt


def undone_times(warehouse: Warehouse, *, actor: Actor) -> dict[int, datetime]:
    """Return when each load that was taken back was, by its number."""
    return {one.load_id: one.undone_at for one in list_imports(warehouse, actor=actor) if one.undone_at is not None}


def undoable(warehouse: Warehouse, load_id: int, *, actor: Actor) -> Receipt:
    """Return the receipt of a load that the actor may take back.

    Raises OperatorError when there is no such load, it was taken back before, or it is not the actor's to undo.
    """
    receipt = _receipt_of(warehouse, load_id)
    require(actor, "operate", receipt.shop if receipt else None)
    with warehouse.cursor() as cursor:
        return loads.undoable(cursor, load_id)


def undo_import(warehouse: Warehouse, load_id: int, *, actor: Actor, now: datetime) -> Receipt:
    """Take a load back, so that the ledger is as if its file had never come.

    Raises OperatorError when there is no such load or it was taken back before.
    """
    receipt = _receipt_of(warehouse, load_id)
    require(actor, "operate", receipt.shop if receipt else None)
    return loads.undo_load(warehouse, load_id, actor=actor, now=now)


def _receipt_of(warehouse: Warehouse, load_id: int) -> Receipt | None:
    with warehouse.cursor() as cursor:
        return loads.find_load(cursor, load_id)


def _read(
    warehouse: Warehouse, path: Path, sha256: str, folder: Path, options: ImportOptions, *, file_name: str | None = None
) -> StagedFile:
    return intake.read_file(
        path,
        file_name=file_name,
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
    found = _held_elsewhere(warehouse, staged, shop)
    if found is None:
        return staged
    with warehouse.cursor() as cursor:
        is_known = is_named and shop in shops.real_shops(cursor)
    if is_known:
        return replace(staged, surprises=(*staged.surprises, _elsewhere(*found)))
    other, _ = found
    remedy = f"若属于「{other}」，请加上 --shop {other}；若那次导入放错了店铺，请先用 imports undo 撤销它。"
    raise OperatorError(f"「{staged.file_name}」", _elsewhere(*found), f"属于店铺「{shop}」的订单", remedy)


def _held_elsewhere(warehouse: Warehouse, staged: StagedFile, shop: str) -> tuple[str, float] | None:
    """Return the other real shop that holds most of the file's orders, and their share; None when none holds enough of them."""
    with warehouse.cursor() as cursor:
        share_by_shop = loads.shop_overlap(cursor, staged)
    others = {other: share for other, share in share_by_shop.items() if other not in (shop, shops.SAMPLE_SHOP)}
    return next(((other, share) for other, share in others.items() if share >= HELD_BY_ANOTHER_SHOP), None)


def _elsewhere(other: str, share: float) -> str:
    return f"{share:.0%} 的订单号已属于店铺「{other}」"
