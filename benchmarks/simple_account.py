"""The account of a simple shop, written in pandas and in polars: orders of one line, starter assumptions, nothing booked.

Both read the facts as Parquet and give the question's figures by product and month of payment. For shops.py's shops the
short rules below are exact: a parcel has one case, an order at most two, every case its order and its amount.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl

ORDER_COLUMNS = ("order_id", "product_id", "paid_at", "shipped_at", "order_status", "is_signed", "paid_fen", "subsidy_fen")
CASE_COLUMNS = ("case_id", "order_id", "kind_word", "status_word", "refund_fen", "finished_at", "return_no")
FIGURES = (
    *("paid_fen", "receivable_fen", "orders", "refunded_orders", "refunds"),
    *("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen"),
)
SHIPPED_WORDS, DELIVERED_WORDS = ["已发货", "已收货", "交易成功"], ["已收货", "交易成功"]
SUCCESS_WORDS, FAILURE_WORDS = ["售后成功", "退款成功", "换货成功", "补寄成功"], ["售后关闭", "售后失败", "退款关闭"]

# The starter assumptions, worked out: fen a case of its stage, and the cost of goods lost in 125ths of what was paid.
OUT_FEN, BACK_FEN, INTERCEPT_FEN, INSPECTION_FEN = 350, 800, 300, 500
WORK_FEN = {
    **{"before_shipment": 100, "intercepted": 250, "returned": 400, "kept": 250},
    **{"exchanged": 500, "reshipped": 250, "price_cut": 150, "closed": 100},
}
LOST_125THS = {"intercepted": 1, "returned": 10, "kept": 50, "exchanged": 10, "reshipped": 50}
SENT_STAGES = ["intercepted", "returned", "kept"]
PARCEL_STAGES, AGAIN_STAGES = ["returned", "exchanged"], ["exchanged", "reshipped"]
SHARING_STAGES = ["before_shipment", *SENT_STAGES]


def with_pandas(folder: Path) -> pd.DataFrame:
    """Answer in pandas; return product, month and the figures."""
    orders = pd.read_parquet(folder / "order_lines.parquet", columns=list(ORDER_COLUMNS))
    cases = pd.read_parquet(folder / "cases.parquet", columns=list(CASE_COLUMNS))
    orders = orders[orders["paid_at"].notna()]
    orders["month"] = orders["paid_at"].dt.to_period("M")
    orders["receivable_fen"] = orders["paid_fen"] + orders["subsidy_fen"]
    orders["is_shipped"] = orders["shipped_at"].notna() | orders["order_status"].isin(SHIPPED_WORDS)
    orders["is_delivered"] = orders["is_signed"] | orders["order_status"].isin(DELIVERED_WORDS)
    costs = _pandas_costs(_pandas_cases(cases, orders))
    groups = ["product_id", "month"]
    sold = orders.groupby(groups).agg(
        paid_fen=("paid_fen", "sum"), receivable_fen=("receivable_fen", "sum"), orders=("order_id", "size")
    )
    lost = costs.groupby(groups)[[name for name in FIGURES if name not in sold and name != "refunded_orders"]].sum()
    lost["refunded_orders"] = costs[costs["gives_back"]].groupby(groups)["order_id"].nunique()
    answer = sold.join(lost, how="outer").fillna(0).astype("int64").reset_index()
    answer["month"] = answer["month"].astype(str)
    return answer


def _pandas_cases(cases: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Finished cases beside their orders, each with its shares and its stage."""
    is_finished = cases["status_word"].isin([*SUCCESS_WORDS, *FAILURE_WORDS])
    cases = cases[is_finished].merge(orders, on="order_id").sort_values(["order_id", "finished_at", "case_id"])
    succeeded = cases["status_word"].isin(SUCCESS_WORDS)
    cases["gives_back"] = succeeded & ~cases["kind_word"].isin(["换货", "补寄"])
    cases["sales_fen"] = cases["refund_fen"].where(cases["gives_back"], 0)
    so_far = cases.groupby("order_id", sort=False)["sales_fen"].cumsum()
    cases["share_fen"] = so_far.clip(upper=cases["receivable_fen"])
    has_parcel = cases["return_no"].fillna("") != ""
    is_refund_only = cases["kind_word"] == "仅退款"
    is_unsent = ~cases["is_shipped"] | (cases["finished_at"] < cases["shipped_at"])
    cases["stage"] = "intercepted"
    for stage, holds in (  # the last one that holds wins
        ("kept", cases["is_delivered"] | (cases["kind_word"] == "退货退款")),
        ("returned", has_parcel),
        ("before_shipment", is_unsent & ~has_parcel),
        ("price_cut", is_refund_only & ~has_parcel & (cases["share_fen"] * 2 < cases["receivable_fen"])),
        ("reshipped", cases["kind_word"] == "补寄"),
        ("exchanged", cases["kind_word"] == "换货"),
        ("closed", ~succeeded),
    ):
        cases.loc[holds, "stage"] = stage
    cases["refunds"] = succeeded.astype("int64")
    return cases


def _pandas_costs(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases with their five components."""
    stage, paid, receivable = cases["stage"], cases["paid_fen"], cases["receivable_fen"]
    by_order = cases["order_id"]
    shares = stage.isin(SHARING_STAGES)
    share = cases["share_fen"].where(shares, 0)
    highest = share.groupby(by_order, sort=False).cummax()
    before = highest.groupby(by_order, sort=False).shift(fill_value=0).where(shares, 0)
    lost = stage.map(LOST_125THS).fillna(0).astype("int64")
    cases["acquisition_fen"] = _rounded(paid * share, receivable * 10) - _rounded(paid * before, receivable * 10)
    by_share = _rounded(paid * lost * share, receivable * 125) - _rounded(paid * lost * before, receivable * 125)
    cases["damage_fen"] = by_share.where(shares, _rounded(paid * lost, 125))
    is_sent, is_parcel, is_again = stage.isin(SENT_STAGES), stage.isin(PARCEL_STAGES), stage.isin(AGAIN_STAGES)
    bears_out = is_sent & (is_sent.groupby(by_order, sort=False).cumsum() == 1)
    is_caught = stage == "intercepted"
    bears_catch = is_caught & (is_caught.groupby(by_order, sort=False).cumsum() == 1)
    cases["logistics_fen"] = (bears_out | is_again) * OUT_FEN + is_parcel * BACK_FEN + bears_catch * INTERCEPT_FEN
    cases["handling_fen"] = stage.map(WORK_FEN) + is_parcel * INSPECTION_FEN
    return cases


def _rounded(numerator: pd.Series, denominator: pd.Series | int) -> pd.Series:
    return (numerator * 2 + denominator) // (denominator * 2)


def with_polars(folder: Path) -> pl.DataFrame:
    """Answer in polars, lazily; return product, month and the figures."""
    orders = (
        pl.scan_parquet(folder / "order_lines.parquet")
        .select(ORDER_COLUMNS)
        .filter(pl.col("paid_at").is_not_null())
        .with_columns(
            month=pl.col("paid_at").dt.truncate("1mo"),
            receivable_fen=pl.col("paid_fen") + pl.col("subsidy_fen"),
            is_shipped=pl.col("shipped_at").is_not_null() | pl.col("order_status").is_in(SHIPPED_WORDS),
            is_delivered=pl.col("is_signed") | pl.col("order_status").is_in(DELIVERED_WORDS),
        )
    )
    costs = _polars_costs(_polars_cases(pl.scan_parquet(folder / "cases.parquet").select(CASE_COLUMNS), orders))
    sold = orders.group_by("product_id", "month").agg(pl.col("paid_fen", "receivable_fen").sum(), orders=pl.len())
    lost = costs.group_by("product_id", "month").agg(
        pl.col("refunds", "sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen").sum(),
        refunded_orders=pl.col("order_id").filter(pl.col("gives_back")).n_unique(),
    )
    both = sold.join(lost, on=["product_id", "month"], how="full", coalesce=True)
    return both.with_columns(pl.col(*FIGURES).fill_null(0), pl.col("month").dt.strftime("%Y-%m")).collect()


def _polars_cases(cases: pl.LazyFrame, orders: pl.LazyFrame) -> pl.LazyFrame:
    """Finished cases beside their orders, each with its shares and its stage."""
    kind, has_parcel = pl.col("kind_word"), pl.col("return_no").fill_null("") != ""
    is_unsent = ~pl.col("is_shipped") | (pl.col("finished_at") < pl.col("shipped_at"))
    stage = (
        pl.when(~pl.col("succeeded")).then(pl.lit("closed"))
        .when(kind == "换货").then(pl.lit("exchanged"))
        .when(kind == "补寄").then(pl.lit("reshipped"))
        .when((kind == "仅退款") & ~has_parcel & (pl.col("share_fen") * 2 < pl.col("receivable_fen"))).then(pl.lit("price_cut"))
        .when(is_unsent.fill_null(False) & ~has_parcel).then(pl.lit("before_shipment"))
        .when(has_parcel).then(pl.lit("returned"))
        .when(pl.col("is_delivered") | (kind == "退货退款")).then(pl.lit("kept"))
        .otherwise(pl.lit("intercepted"))
    )  # fmt: skip
    return (
        cases.filter(pl.col("status_word").is_in([*SUCCESS_WORDS, *FAILURE_WORDS]))
        .join(orders, on="order_id")
        .sort("order_id", "finished_at", "case_id")
        .with_columns(succeeded=pl.col("status_word").is_in(SUCCESS_WORDS))
        .with_columns(gives_back=pl.col("succeeded") & ~kind.is_in(["换货", "补寄"]), refunds=pl.col("succeeded").cast(pl.Int64))
        .with_columns(sales_fen=pl.when("gives_back").then("refund_fen").otherwise(0))
        .with_columns(share_fen=pl.min_horizontal(pl.col("sales_fen").cum_sum().over("order_id"), "receivable_fen"))
        .with_columns(stage=stage)
    )


def _polars_costs(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Cases with their five components."""
    stage, paid, receivable = pl.col("stage"), pl.col("paid_fen"), pl.col("receivable_fen")
    is_sent, is_parcel, is_again = stage.is_in(SENT_STAGES), stage.is_in(PARCEL_STAGES), stage.is_in(AGAIN_STAGES)
    is_caught = stage == "intercepted"
    shares = stage.is_in(SHARING_STAGES)
    share, before = pl.col("taken_fen"), pl.when(shares).then("before_fen").otherwise(0)
    lost = stage.replace_strict(LOST_125THS, default=0, return_dtype=pl.Int64)
    by_share = _whole(paid * lost * share, receivable * 125) - _whole(paid * lost * before, receivable * 125)
    return (
        cases.with_columns(taken_fen=pl.when(shares).then("share_fen").otherwise(0))
        .with_columns(before_fen=pl.col("taken_fen").cum_max().shift(1, fill_value=0).over("order_id"))
        .with_columns(
            acquisition_fen=_whole(paid * share, receivable * 10) - _whole(paid * before, receivable * 10),
            damage_fen=pl.when(shares).then(by_share).otherwise(_whole(paid * lost, pl.lit(125))),
            logistics_fen=((is_sent & (is_sent.cum_sum().over("order_id") == 1)) | is_again) * OUT_FEN
            + is_parcel * BACK_FEN
            + (is_caught & (is_caught.cum_sum().over("order_id") == 1)) * INTERCEPT_FEN,
            handling_fen=stage.replace_strict(WORK_FEN, return_dtype=pl.Int64) + is_parcel * INSPECTION_FEN,
        )
    )


def _whole(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    return (numerator * 2 + denominator) // (denominator * 2)
