"""The words of the ledger."""

from __future__ import annotations

import pytest

from analytics.domain import vocabulary


@pytest.mark.parametrize(
    ("text", "short"),
    [
        *(
            ("浙江省", "浙江"),
            ("内蒙古自治区", "内蒙古"),
            ("新疆维吾尔自治区", "新疆"),
            ("宁夏回族自治区", "宁夏"),
            ("北京市", "北京"),
        ),
        *(("香港特别行政区", "香港"), (" 广 东 省 ", "广东"), ("浙江", "浙江"), ("火星", None), ("", None)),
    ],
)
def test_provinces_have_one_short_name(text, short):
    assert vocabulary.canonical_province(text) == short


def test_every_word_has_a_title_in_both_languages():
    tables = (
        vocabulary.STAGES,
        vocabulary.KINDS,
        vocabulary.COMPONENTS,
        vocabulary.PROVENANCES,
        vocabulary.TOOLS,
        vocabulary.DIMENSIONS,
    )
    for table in tables:
        assert all(len(titles) == 2 and all(titles) for titles in table.values())
