"""Cost settings: how typed values and scopes are read, and what is said to those that cannot be."""

from __future__ import annotations

import pytest

from analytics.domain import costs, vocabulary
from analytics.errors import OperatorError


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *(("packing", "3", 300), ("packing", "¥3.00", 300), ("packing", "￥1,000", 100_000), ("packing", "0.5元", 50)),
        *(("minutes_kept", "2.5", 250), ("minutes_kept", "2.5分钟", 250), ("hourly_wage", "30", 3000)),
        *(
            ("damage_rate_returned", "20%", 200_000),
            ("damage_rate_returned", "20", 200_000),
            ("damage_rate_returned", "0.5%", 5000),
        ),
        *(("goods_cost_rate", "120%", 1_200_000), ("fee_kept_rate", "0", 0)),
    ],
)
def test_values_are_typed_as_yuan_minutes_or_percent(name, text, value):
    assert costs.parse_value(name, text) == (value, "set")


@pytest.mark.parametrize("text", ["off", "OFF", "关"])
def test_a_setting_can_be_switched_off(text):
    assert costs.parse_value("packing", text) == (None, "off")
    assert costs.format_value("packing", None) == "off"


@pytest.mark.parametrize("name", list(costs.COST_NAMES))
def test_a_starter_assumption_is_written_as_it_would_be_typed(name):
    starter = costs.COST_NAMES[name].starter_value
    if starter is not None:
        assert costs.parse_value(name, costs.format_value(name, starter)) == (starter, "set")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("packing", "3.001"), ("packing", "三块"), ("packing", "-1"), ("packing", ""), ("packing", "nan"), ("packing", "20%")),
        *(("damage_rate_returned", "120%"), ("damage_rate_returned", "0.2"), ("minutes_kept", "2.505"), ("minutes_kept", "1e9")),
    ],
)
def test_anything_else_is_refused_with_what_is_possible(name, text):
    with pytest.raises(OperatorError) as refused:
        costs.parse_value(name, text)
    assert refused.value.where == f"成本设置 {name}"
    assert text in refused.value.found
    assert "off" in refused.value.expected


def test_a_bare_fraction_of_a_percent_setting_is_not_guessed_at():
    with pytest.raises(OperatorError, match=r"「0\.2」读不成数值；应为：0 到 100% 之间的百分比，如 20%，或 off（关）"):
        costs.parse_value("damage_rate_returned", "0.2")


def test_a_name_that_does_not_exist_is_answered_with_all_that_do():
    with pytest.raises(OperatorError, match="没有名为「邮费」的项目；应为：acquisition_per_order、acquisition_rate"):
        costs.find_cost("邮费")
    assert costs.find_cost(" 退货运费 ").name == "return_freight"
    assert costs.find_cost("Return_Freight").name == "return_freight"


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        *(
            ("", ""),
            (None, ""),
            ("product:P1", "product:P1"),
            ("product：P1", "product:P1"),
            ("reason: 尺码不合适", "reason:尺码不合适"),
        ),
        *(("province:广西壮族自治区", "province:广西"), ("province:上海市", "province:上海")),
    ],
)
def test_scopes_are_read_with_the_usual_names_of_provinces(text, scope):
    assert costs.parse_scope(text) == scope


@pytest.mark.parametrize("text", ["P1", "product:", "city:杭州", "province:火星"])
def test_other_scopes_are_refused(text):
    with pytest.raises(OperatorError, match="适用范围"):
        costs.parse_scope(text)


def test_a_reason_keeps_the_signs_of_the_files():
    assert costs.parse_scope("reason：等待时间过长，不想等了") == "reason:等待时间过长，不想等了"


def test_a_reason_is_a_scope_only_where_a_case_is_priced():
    assert costs.parse_scope("reason:破损", "damage_rate_returned") == "reason:破损"
    with pytest.raises(OperatorError, match=r"packing.*应为：留空（全店）、product:ID、province:省份"):
        costs.parse_scope("reason:破损", "packing")


def test_every_stage_has_its_minutes():
    assert {f"minutes_{stage}" for stage in vocabulary.STAGES} <= set(costs.COST_NAMES)
