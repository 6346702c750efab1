"""Who may do what: checked where the work is done, not only where a page is drawn."""

from __future__ import annotations

from analytics.domain.loads import ROLES, Actor
from analytics.errors import OperatorError

ALL_SHOPS = "*"  # what concerns the whole ledger is for those who are bound to no shop
ROLE_TITLES = {"view": "看板", "operate": "运营", "manage": "管理"}


def require(actor: Actor, role: str, shop: str | None = None) -> None:
    """Refuse an actor whose role is below `role`, or who is not bound to `shop`.

    Raises OperatorError.
    """
    who = f"操作人「{actor.name}」"
    if ROLES.index(actor.role) < ROLES.index(role):
        found, wanted = f"角色是{ROLE_TITLES[actor.role]}", f"{ROLE_TITLES[role]}或更高"
        raise OperatorError(who, found, wanted, "请让管理员来做，或请他调整您的角色。")
    if shop is not None and actor.shops and shop not in actor.shops:
        found = "只能看自己名下的店铺" if shop == ALL_SHOPS else f"店铺「{shop}」不在其名下"
        raise OperatorError(who, found, "、".join(actor.shops), "请选择您名下的店铺。")
