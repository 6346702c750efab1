"""The figures: bars that meet, the colour of each part, what is hatched, and words from the catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analytics.domain.vocabulary import COMPONENTS
from analytics.present.figures import provenance, waterfall
from analytics.present.figures.style import COLOURS, GREY, INK
from analytics.present.labels import Words

ZH = Words("zh")


def bars(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def texts(figure):
    return [trace.text[0].strip() for trace in figure.data if trace.type == "scatter"]


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, 1–21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_each_step_of_the_waterfall_ends_where_the_next_begins(account):
    spans = {}
    for bar in bars(waterfall(account, ZH)):
        start, end = bar.base[0], bar.base[0] + bar.x[0]
        low, high = spans.get(bar.customdata[0], (start, end))
        spans[bar.customdata[0]] = (min(low, start), max(high, end))
    assert spans == {
        "receivable": (0, 1000),
        "sales": (800, 1000),
        "acquisition": (780, 800),
        "logistics": (750, 780),
        "handling": (740, 750),
        "damage": (700, 740),
        "kept": (0, 700),
    }


def test_the_rows_are_read_downwards_and_carry_amount_and_share(account):
    figure = waterfall(account, ZH)
    assert list(figure.layout.yaxis.categoryarray)[::-1][:2] == ["应收销售额", "退款（显性损失）"]
    assert texts(figure)[0] == "¥1,000.00 · 100.0%"
    assert texts(figure)[-1] == "¥700.00 · 70.0%"


def test_what_rests_on_assumptions_is_hatched_in_the_parts_own_colour(account):
    hatched = {bar.customdata[0]: bar.x[0] for bar in bars(waterfall(account, ZH)) if bar.marker.pattern.shape}
    assert hatched == {"logistics": 10, "handling": 10, "damage": 40}
    assert {bar.marker.pattern.fgcolor for bar in bars(waterfall(account, ZH)) if bar.marker.pattern.shape} <= set(
        COLOURS.values()
    )


def test_a_part_that_is_not_known_is_a_dash_and_no_bar(account):
    unknown = replace(account, parts_fen={**account.parts_fen, "damage": None}, sources_fen={})
    figure = waterfall(unknown, ZH)
    assert "damage" not in {bar.customdata[0] for bar in bars(figure)}
    assert "—" in texts(figure)


def test_an_account_that_lost_more_than_it_sold_still_draws(account):
    figure = waterfall(replace(account, receivable_fen=25_000), ZH)
    assert texts(figure)[-1] == "-¥50.00 · -20.0%"
    assert bars(figure)[-1].marker.color == GREY  # a loss is never green
    first, last = figure.layout.xaxis.range
    for bar in bars(figure):  # what lies below nothing is on the picture too, and before it there is room for its amount
        assert first < min(bar.base[0], bar.base[0] + bar.x[0]) - 100
        assert max(bar.base[0], bar.base[0] + bar.x[0]) <= last


def test_refunds_without_any_sale_in_the_period_are_drawn_below_nothing(account):
    figure = waterfall(replace(account, receivable_fen=0), ZH)
    first, last = figure.layout.xaxis.range
    assert first < -300 < 0 <= last
    assert texts(figure)[-1] == "-¥300.00 · —"


def test_what_is_kept_is_not_known_while_nothing_is_known_of_the_loss(account):
    unknown = replace(account, parts_fen=dict.fromkeys(COMPONENTS), total_fen=None, hidden_fen=None, sources_fen={})
    assert texts(waterfall(unknown, ZH))[-1] == "—"


def test_an_empty_account_still_draws(account):
    nothing = dict.fromkeys(COMPONENTS)
    assert texts(waterfall(replace(account, receivable_fen=None, parts_fen=nothing, sources_fen={}), ZH))


def test_provenance_shows_shares_that_add_up_to_one(account):
    shares = {}
    for bar in bars(provenance(account, ZH)):
        shares[bar.customdata[0]] = shares.get(bar.customdata[0], 0) + bar.x[0]
    assert shares == pytest.approx({"acquisition": 1, "logistics": 1, "handling": 1, "damage": 1})


def test_the_watermark_is_written_over_the_chart_only_for_a_sample(account):
    assert [note.text for note in waterfall(account, ZH, watermark="示例数据").layout.annotations] == ["示例数据"]
    assert not waterfall(account, ZH).layout.annotations


def test_every_component_has_its_own_colour():
    assert {*COMPONENTS, "receivable", "kept"} == set(COLOURS)
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_text_on_a_bar_can_be_read():
    assert min(contrast(INK, colour) for colour in (GREY, COLOURS["kept"])) >= 4.5
