"""What a file's name tells: which list it is, when it was exported, and the password people try first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

LIST_KINDS = ("all", "priority_ship", "urge_ship", "address_change")
_LIST_WORDS = (
    ("priority_ship", ("优先发货", "priority_ship")),
    ("urge_ship", ("催发货", "催单", "催促发货", "urge_ship")),
    ("address_change", ("修改地址", "改地址", "地址修改", "address_change")),
)
_TIME = re.compile(
    r"(?<!\d)(20\d\d)[-_./年]?([01]\d)[-_./月]?([0-3]\d)日?[-_ T]*([0-2]\d)[-_:：.时]?([0-5]\d)(?:[-_:：.分]?([0-5]\d))?秒?"
    # A second date or a longer number may not begin here.
    r"(?![-_.]?\d{2})(?!\d)"
)
_COPY = re.compile(r"\s*[(（]\d{1,3}[)）]$")  # what a browser adds to the name of a second download
_PLAIN_TITLE = re.compile(
    r"(?:sheet|orders?|cases?|data|export|工作表|快手|小店|天猫|淘宝|抖音|拼多多|订单|售后|说明|导出|明细|列表|清单|数据|退款|退货|动账"
    r"|结算|账单|运费险|商品|成本|设置|广告|花费|标记|模板|优先发货|催发货|修改地址|催单|全部|汇总|报表|简表|店铺|上半|下半|表|单|空"
    r"|[一二三四五六七八九十]|年|月|日|\d|[a-z](?![a-z])|[\s_\-.()（）])+",
    re.IGNORECASE,
)
_MOST_DIGITS = 8  # of a date; a longer number may be a person's
_PASSWORD_LENGTH = 6  # of Kuaishou's protected exports


def guess_list_kind(file_name: str) -> str:
    """Guess which order list a file holds: `priority_ship`, `urge_ship`, `address_change`, else `all`."""
    return next((kind for kind, words in _LIST_WORDS if any(word in file_name for word in words)), "all")


def exported_at_from(file_name: str) -> datetime | None:
    """Read the export time in a file's name (`…20261116091200.csv`, `… 2026-11-16 09_12.xlsx`); a plain date is no time."""
    for match in reversed(list(_TIME.finditer(PurePath(file_name).stem))):
        try:
            return datetime(*(int(part or 0) for part in match.groups()))
        except ValueError:
            continue
    return None


def password_tails(file_name: str) -> list[str]:
    """Return the passwords to try: the last six characters of the name without its suffix, also before a copy mark ` (1)`."""
    stem = PurePath(file_name).stem
    return list(dict.fromkeys(name[-_PASSWORD_LENGTH:] for name in (stem, _COPY.sub("", stem))))


def shown_title(title: str, number: int) -> str:
    """Return a worksheet's title when it is plain, else its place: anybody may be named in a title."""
    is_plain = _PLAIN_TITLE.fullmatch(title) and sum(character.isdigit() for character in title) <= _MOST_DIGITS
    return title if is_plain else f"第 {number} 张工作表"
