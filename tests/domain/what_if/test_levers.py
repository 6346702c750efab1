"""How levers are typed and read, and how every problem of a scenario file is said at once."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.domain.costs import COST_NAMES
from analytics.domain.what_if import levers
from analytics.errors import OperatorError

TYPED = (
    *("return_freight=6.00", "return_freight[scope=reason:质量问题,from=2026-10-01]=6.00", "return_freight=5.00..6.00..8.00"),
    *("damage_rate_returned=15%", "minutes_returned=2.5", "refund_rate=8%", "refund_rate[stage=kept,reason=少件]=x0.8"),
    *("ship_hours=24", "uptake[coupon]=30%", "effect[others]=-3%", "offer[small_payment]=3.50", "ad_spend=x0.9"),
    *("ad_spend=12000.00", "goods_cost=x0.93", "handling_minutes=x0.7..x0.8..x1", "insurance=off", "drop_streamer=25001"),
    *("drop_product=P1", "later_refund_rate=12.5%"),
)


def parsed(text: str) -> levers.Lever:
    key, _, value = text.rpartition("=")
    return levers.parse(key, value)


@pytest.mark.parametrize("text", TYPED)
def test_a_lever_is_written_as_it_is_typed(text):
    lever = parsed(text)
    assert f"{lever.key}={lever.value}" == text


def test_every_cost_setting_is_a_lever():
    assert set(COST_NAMES) <= set(levers.LEVERS)


def test_units_are_those_of_the_ledger():
    assert parsed("return_freight=6.00").amount.likely == 600
    assert parsed("damage_rate_returned=15%").amount.likely == 150_000
    assert parsed("refund_rate=8%").amount.likely == parsed("refund_rate=0.08").amount.likely == 0.08
    assert parsed("offer[coupon]=3.5").amount.likely == 350
    assert parsed("insurance=关").word == "off"


@pytest.mark.parametrize(
    "text",
    [
        *("returns=6", "return_freight=", "return_freight=-1", "return_freight=sixty", "return_freight=off", "refund_rate=108%"),
        *("refund_rate=nan", "refund_rate[stage=nowhere]=5%", "refund_rate[colour=red]=5%", "uptake=5%", "uptake[gift]=5%"),
        *("goods_cost=3", "goods_cost=x101", "effect[coupon]=x2", "insurance=maybe", "drop_streamer=", "ship_hours=-3"),
        *("return_freight=8..6..5", "return_freight=5..6", "return_freight=x1..2..3", "return_freight[from=soon]=3"),
        *("return_freight[scope=province:火星]=3", "outbound_freight[scope=reason:少件]=3", "damage_rate_returned=0.15"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(text):
    key, _, value = text.rpartition("=")
    with pytest.raises(OperatorError) as refused:
        levers.parse(key, value)
    assert refused.value.expected
    assert refused.value.remedy


FILE = {
    "name": "便宜快递",
    "from": date(2026, 10, 1),
    "to": "2026-10-31",
    "shop": "店铺1",
    "streamers": ["T1", "T2"],
    "levers": {"return_freight": 6, "hourly_wage": {"low": 20, "likely": 30, "high": 40}, "drop_product": ["P1", "P2"]},
}


def test_a_scenario_file_is_read_and_written_back():
    scenario = levers.read(FILE)
    assert (scenario.first_day, scenario.last_day) == (date(2026, 10, 1), date(2026, 10, 31))
    assert [lever.key for lever in scenario.levers] == ["return_freight", "hourly_wage", "drop_product", "drop_product"]
    assert scenario.levers[1].amount == levers.Amount(3000, 2000, 4000)
    assert levers.read(levers.as_found(scenario)) == scenario


def test_every_problem_of_a_file_is_listed_not_only_the_first():
    broken = {
        "form": "2026-10-01",
        "from": "2026-13-01",
        "shop": 7,
        "levers": {"returns": 6, "refund_rate": "108%", "hourly_wage": {"low": 20, "high": 40}, "return_freight": 6},
    }
    with pytest.raises(OperatorError) as refused:
        levers.read(broken, where="方案文件「方案.toml」")
    assert refused.value.found.startswith("6 处有误：")
    for each in ("form", "2026-13-01", "shop", "returns", "108%", "low、likely、high"):
        assert each in refused.value.found


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(OperatorError, match="晚于"):
        levers.read({"from": "2026-10-02", "to": "2026-10-01"})


def test_a_lever_that_is_turned_again_takes_the_place_of_the_first():
    scenario = levers.read(FILE).with_lever(parsed("return_freight=7")).with_lever(parsed("drop_product=P3"))
    assert [lever.value for lever in scenario.levers] == ["7.00", "20.00..30.00..40.00", "P1", "P2", "P3"]
