"""The urge-to-ship list in words: its sentence, how fresh it is, why a row stands there, its views, its order, its cut line."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from analytics.domain.urge_priority import Calibration, CalledBand
from analytics.domain.urges import Freshness
from analytics.present import urge_memory, urge_out, urges
from analytics.present.labels import Words
from analytics.present.titles import Titles
from analytics.present.urges import Wanted

NOW = datetime(2026, 11, 27, 12, 12)
ZH, EN = Words("zh"), Words("en")
TITLES = Titles(ZH, {"streamer": {"T1": "老李直播间"}})
NOTHING = None


def row(order_id: str, rank: int | None = 1, **told: object) -> dict[str, object]:
    usual = {
        **{"rank": rank, "shop": "店铺1", "order_id": order_id, "product": "P1", "sku": "S1", "paid_fen": 10_000},
        **{"urges": 2, "last_urged_at": NOW, "ship_by": NOW, "hours_left": 5.0, "expected_loss_fen": 2_000, "band": "high"},
        **{"state": "open", "taken_by": NOTHING, "flags": [], "tab": "urged", "is_priority": False},
        **{
            "product_name": "连衣裙",
            "spec": "红色,M",
            "quantity": 1,
            "streamer": "T1",
            "province": "浙江",
            "warehouse": "一号仓",
        },
        **{"paid_at": NOW, "chance_wait": 0.57, "chance_ship": 0.12, "is_money_shown": True, "why": "dear"},
        **{"marked_by": NOTHING, "marked_at": pd.NaT, "snoozed_until": pd.NaT, "mark_reason": "", "last_event_id": 0},
    }
    return {**usual, **told}


def rows(*made: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(made))
    whole = ("rank", "paid_fen", "urges", "quantity", "expected_loss_fen")
    return frame.astype(dict.fromkeys(whole, "Int64"))


LIST = rows(
    row("A", 1, hours_left=-6.2, expected_loss_fen=5_000),
    row("B", 2, hours_left=3.5, expected_loss_fen=3_000),
    row("C", 3, hours_left=20.0, expected_loss_fen=1_000, is_priority=True),
    row("D", None, flags=["refund_open"]),
    row("E", None, state="shipped", marked_by="阿敏", marked_at=NOW - timedelta(minutes=9)),
    row("F", None, flags=["not_on_list"]),
    row("G", 4, tab="promise", hours_left=-1.0),
    row("H", 5, tab="priority", is_priority=True),
)


def test_every_row_stands_in_its_views_and_in_no_other():
    ready = urges.prepared(LIST)
    found = {view: "".join(urges.of_view(ready, view)["order_id"]) for view in urges.VIEWS}
    assert found == {"urged": "ABCD", "promise": "G", "priority": "CH", "handled": "E", "gone": "F"}


def test_the_summary_can_be_recomputed_by_hand():
    told = urges.summary(LIST)
    assert told.counts == {"urged": 4, "promise": 1, "priority": 2, "handled": 1, "gone": 1}
    assert (told.past, told.near) == (1, 1)
    assert (told.at_risk_fen, told.goods_fen) == (9_000, 30_000)  # A, B and C; D has a refund and no rank


def test_the_sentence_says_what_waiting_costs_and_only_where_that_may_be_said():
    assert urges.sentence(urges.summary(LIST), True, ZH) == "4 单买家在催，1 单已超承诺时间：再等一天，预计多亏 ¥90.00"
    unproved = LIST.assign(is_money_shown=False)
    assert urges.sentence(urges.summary(unproved), True, ZH) == "4 单买家在催，1 单已超承诺时间，货款共 ¥300.00"
    assert "within 4 hours" in urges.sentence(urges.summary(LIST[1:3]), True, EN)


@pytest.mark.parametrize(
    ("which", "has_list", "said"),
    [
        (slice(6, 7), True, "没有买家在催，但 1 单已超时或快超时"),
        (slice(0, 0), True, "没有要催发的单"),
        (slice(0, 0), False, "还没有催发货名单：不知道哪些买家在催"),
    ],
)
def test_with_nobody_urging_the_sentence_says_so(which, has_list, said):
    assert urges.sentence(urges.summary(LIST[which]), has_list, ZH) == said


def test_the_figures_call_the_money_what_it_is():
    proved, unproved = (urges.tiles(urges.summary(frame), ZH) for frame in (LIST, LIST.assign(is_money_shown=False)))
    assert [tile.value for tile in proved] == ["4", "1", "1", "¥90.00"]
    assert (proved[3].label, unproved[3].label, unproved[3].value) == ("在险金额", "在险货款", "¥300.00")


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (datetime(2026, 11, 27, 9, 12), "数据截至 09:12，距今 3 小时"),
        (datetime(2026, 11, 27, 12, 0), "数据截至 12:00，距今 12 分钟"),
        (datetime(2026, 11, 26, 12, 12), "数据截至 11-26 12:12，距今 24 小时"),
        (datetime(2026, 11, 24, 9, 12), "数据截至 11-24 09:12，距今 3 天"),
        (datetime(2026, 11, 27, 13, 0), "数据截至 13:00，距今 0 分钟"),  # a clock that goes ahead is no age below nothing
        (None, "还没有导入数据"),
    ],
)
def test_the_age_of_the_data_is_said_as_coarsely_as_it_is_old(until, said):
    assert urges.freshness(Freshness("店铺1", until, None, 0.0), NOW, ZH) == said


def test_why_says_the_promise_the_urges_and_what_waiting_does():
    (first,) = LIST[:1].to_dict("records")
    assert urges.why(first, ZH) == "已超 6 小时；催了 2 次；再等一天 57% 会退，现在发 12%；金额高"
    assert urges.why(first, ZH, is_alone=False) == "再等一天 57% 会退，现在发 12%；金额高"
    assert urges.why(row("X", chance_ship=float("nan"), why="", urges=1, hours_left=float("nan")), ZH) == "没有承诺时间"
    assert [urges.is_learned(row("X", chance_ship=chance)) for chance in (0.1, float("nan"))] == [True, False]


def test_what_must_not_be_shipped_says_that_alone():
    assert urges.why(row("X", flags=["refunded", "not_on_list"]), ZH) == "已经退款，不要发；新名单里没有它了"


def test_a_loss_is_a_band_until_the_forecasts_have_proved_right():
    assert urges.risk(row("X"), ZH) == "¥20.00"
    assert urges.risk(row("X", is_money_shown=False), ZH) == "高"
    assert urges.risk(row("X", is_money_shown=False, band="low"), EN) == "low"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"state": "open"}, "待处理"),
        ({"state": "taken"}, "阿敏 已领取 09:31"),
        ({"state": "snoozed", "snoozed_until": datetime(2026, 11, 28, 9)}, "阿敏 推后到 11-28 09:00"),
        ({"state": "dismissed", "mark_reason": "没货"}, "阿敏 忽略：没货"),
    ],
)
def test_who_has_a_row_and_since_when(told, said):
    marked = {"marked_by": "阿敏", "marked_at": datetime(2026, 11, 27, 9, 31)}
    assert urges.state(row("X", **marked | told), NOW, ZH) == said


def test_nothing_known_is_a_dash_and_never_a_zero():
    laid_out, columns = urges.table(rows(row("A", urges=pd.NA, last_urged_at=pd.NaT)), NOW, ZH, ("店铺1",))
    assert pd.isna(laid_out.loc[0, "urges"])
    assert pd.isna(laid_out.loc[0, "last_urged_at"])
    assert "shop" not in columns
    assert "shop" in urges.table(LIST, NOW, ZH, ("店铺1", "第二家"))[1]


def test_a_search_finds_every_word_in_ids_names_and_streamers():
    ready = urges.prepared(LIST)
    assert list(urges.found(ready, "老李 a", TITLES)["order_id"]) == ["A"]
    assert len(urges.found(ready, " ", TITLES)) == len(LIST)
    assert urges.found(ready, "(没有", TITLES).empty  # no pattern, just letters


def test_the_rows_stand_by_money_at_risk_and_what_has_no_rank_stands_last():
    seen = urges.glance(LIST.iloc[::-1], Wanted(), TITLES)
    assert list(seen.rows["order_id"]) == ["A", "B", "C", "D"]
    assert list(seen.rows["rank"].fillna(0)) == [1, 2, 3, 0]
    assert "".join(urges.glance(LIST, Wanted(by="hours_left"), TITLES).rows["order_id"]) == "ABDC"


def test_ranks_have_no_gaps_in_a_view():
    assert list(urges.glance(LIST, Wanted(view="priority"), TITLES).rows["rank"]) == [1, 2]


def test_the_cut_line_adds_up_to_the_list():
    seen = urges.glance(LIST, Wanted(capacity=2), TITLES)
    assert (seen.cut, seen.below, seen.above_fen, seen.below_fen) == (2, 1, 8_000, 1_000)
    assert (
        urges.cut_said(2, 1, 8_000, 1_000, ZH) == "今天发到这里：以上 2 单，免得多亏 ¥80.00；以下 1 单发不出去，预计多亏 ¥10.00"
    )
    assert urges.glance(LIST, Wanted(capacity=0), TITLES).cut == 0
    assert urges.glance(LIST, Wanted(capacity=99), TITLES).below == 0
    assert urges.glance(LIST, Wanted(view="handled", capacity=2), TITLES).cut is None
    unproved = urges.glance(LIST.assign(is_money_shown=False), Wanted(capacity=2), TITLES)
    assert unproved.above_fen is None


def test_a_long_list_shows_its_first_rows_and_counts_all():
    many = pd.concat([LIST[:1]] * (urges.MOST_SHOWN + 5), ignore_index=True)
    many["rank"] = pd.array(range(1, len(many) + 1), dtype="Int64")
    seen = urges.glance(many, Wanted(), TITLES)
    assert (len(seen.rows), seen.found) == (urges.MOST_SHOWN, urges.MOST_SHOWN + 5)


def test_an_empty_list_has_an_empty_glance():
    seen = urges.glance(LIST[:0], Wanted(text="x", capacity=3), TITLES)
    assert (seen.found, seen.cut, seen.summary.at_risk_fen) == (0, 0, 0)


def test_buyers_are_told_in_chinese_what_happens_whatever_the_reader_reads():
    assert "因恶劣天气" in urge_out.buyers_text("weather", date(2026, 11, 29))
    assert "11-29" in urge_out.buyers_text("仓库停电", date(2026, 11, 29))
    assert "bad weather" in urge_out.buyers_text("weather", date(2026, 11, 29), EN)


def test_the_picking_list_to_print_interprets_no_name_and_counts_an_order_once():
    picks = pd.DataFrame(
        [
            {
                "product_id": "P1",
                "product_name": "<b>裙</b>",
                "sku": "S1",
                "spec": "红",
                "warehouse": "",
                "pieces": 3,
                "orders": 2,
            },
            {"product_id": "P2", "product_name": "", "sku": "", "spec": "", "warehouse": "一号仓", "pieces": 1, "orders": 1},
        ]
    ).assign(order_ids=[["1", "2"], ["2"]])
    paper = urge_out.picking_paper(picks, NOW, ZH).decode()
    assert "&lt;b&gt;裙&lt;/b&gt;" in paper
    assert "<b>裙" not in paper
    assert "4 件，2 单" in paper
    assert "<td>P2</td><td>—</td><td>一号仓</td>" in paper


def test_worked_and_not_worked_stand_side_by_side_and_nothing_over_nothing_is_a_dash():
    columns = ("was_worked", "orders", "shipped_24h", "shipped", "refunded", "open", "receivable_fen", "refund_fen")
    compared = pd.DataFrame([(True, 4, 3, 3, 1, 0, 40_000, 10_000), (False, 0, 0, 0, 0, 0, 0, 0)], columns=columns)
    table, _ = urge_memory.worked_or_not(compared, ZH)
    assert table.loc[0, "shipped_rate"] == 0.75
    assert pd.isna(table.loc[1, "shipped_rate"])


def test_the_ranking_says_how_often_it_was_right():
    bands = (CalledBand("high", 277, 140, 0.48, 0.504), CalledBand("low", 90, 20, 0.2, 0.241))
    judged = Calibration(1.0, 0.02, 367, 160, bands, 50, 0.1, 0.1)
    assert urge_memory.calibration(judged, ZH) == "过去称为「高」的单，等下去的 277 单里有 50.4% 退了款；称为「低」的是 24.1%。"
    assert urge_memory.calibration(None, ZH) is None
    assert (
        urge_memory.calibration(Calibration(None, None, 0, 0, (CalledBand("high", 0, 0, None, None),), 0, None, None), ZH) is None
    )
