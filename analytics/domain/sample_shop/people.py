"""Invented buyers and staff: every personal value an export of the sample shop may hold, so that a scan can look for them.

The names mean "fake", "sample", "made up"; the numbers start with 154, a prefix that was never given to subscribers.
"""

from __future__ import annotations

BUYER_NAMES = (
    *("甄假名", "贾样例", "时例子", "范例生", "虚小构", "吴此人", "莫须友", "卜存在", "常演示", "习试验"),
    *("杜撰文", "梅有仁", "甄样本", "贾设定", "时演练", "范本人", "虚拟生", "吴真名", "莫核实", "卜真实"),
)
BUYER_PHONES = tuple(f"1540000{1000 + 37 * n}" for n in range(200))
BUYER_NICKNAMES = tuple(f"爱逛街的示例猫{n}号" for n in range(60))
BUYER_IDS = tuple(str(2_600_000_000 + 4241 * n) for n in range(500))
DISTRICTS = ("虚构区", "样板区", "演示县")
STREETS = ("示例街道", "假想镇", "模拟路街道")
ADDRESSES = tuple(f"示例路{n}号假想小区{n % 9 + 1}栋{n % 6 + 1}0{n % 4 + 1}室" for n in range(1, 151))
MESSAGES = ("麻烦尽快发出这是示例留言", "请放门卫处这是示例留言", "送人的包装好一点示例留言")
CLAIMS = ("收到后不满意这是示例描述", "颜色和想的不一样示例描述", "一直没有动静这是示例描述", "穿着不合适这是示例描述")
STAFF_NAMES = ("客服样例甲", "客服样例乙", "店长样例丙")
HAND_NOTES = ("已联系买家改天再说示例备注", "差价十元已退示例备注", "瑕疵补偿（3）元待回复示例备注", "买家要求顺丰示例备注")
FLAG_NOTES = ("老客多关照示例插旗", "注意核对尺码示例插旗")
RETURN_CONTACT = ("仓管样例丁", "15400009999", "浙江省虚构市样板区退货路1号示例仓库")


def masked_name(name: str) -> str:
    """Return the name as the platform masks it: the family name alone."""
    return f"{name[0]}**"


def masked_phone(phone: str) -> str:
    """Return the number as the platform masks it: the middle four digits hidden."""
    return f"{phone[:3]}****{phone[7:]}"


# Every value of the exports that the product must never keep, masked ones included.
PERSONAL_VALUES: frozenset[str] = frozenset(
    (
        *BUYER_NAMES,
        *BUYER_PHONES,
        *map(masked_name, BUYER_NAMES),
        *map(masked_phone, BUYER_PHONES),
        *BUYER_NICKNAMES,
        *BUYER_IDS,
        *STREETS,
        *ADDRESSES,
        *MESSAGES,
        *CLAIMS,
        *STAFF_NAMES,
        *HAND_NOTES,
        *FLAG_NOTES,
        *RETURN_CONTACT,
    )
)
