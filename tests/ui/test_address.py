"""The address: what is chosen stands in it, what stands in it is chosen, and arriving by the menu keeps the filters."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from analytics.ui import address

    page = st.session_state.get("on", "overview")
    address.enter(page)
    st.title(page)
    st.text(address.select(st.selectbox, "period", "period", {"d7": "7", "d30": "30"}, "d30"))
    st.text(",".join(address.values("product")))
    st.text(address.value("mine"))
    st.button("toggle", on_click=address.toggle, args=("product", "a"), key="toggle")
    st.button("mine", on_click=address.put, args=("mine", "x"), key="mine")
    st.button("clear", on_click=address.clear, args=("product", "period"), key="clear")


def opened(**query) -> AppTest:
    test = AppTest.from_function(script)
    for name, value in query.items():
        test.query_params[name] = value
    return test.run()


def told(test: AppTest) -> list[str]:
    return [element.value for element in test.text]


def query(test: AppTest) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in test.query_params.items()}


def test_a_link_is_what_is_shown():
    assert told(opened(period="d7", product=["a", "b"])) == ["d7", "a,b", ""]


def test_an_unknown_value_falls_back_and_leaves_the_address():
    test = opened(period="d31")
    assert told(test)[0] == "d30"
    assert "period" not in query(test)


def test_the_default_is_not_written():
    test = opened(period="d7")
    test.selectbox(key="period").select("d30").run()
    assert "period" not in query(test)


def test_a_second_click_clears():
    test = opened()
    test.button(key="toggle").click().run()
    assert query(test)["product"] == ["a"]
    test.button(key="toggle").click().run()
    assert "product" not in query(test)


def test_going_back_in_the_browser_goes_back():
    test = opened(lang="zh")
    test.selectbox(key="period").select("d7").run()
    test.query_params.clear()
    test.query_params["lang"] = "zh"
    test.run()
    assert told(test)[0] == "d30"


def test_a_step_back_to_the_bare_address_that_the_menu_left_keeps_the_filters():
    test = opened(lang="zh", period="d7")
    test.query_params.clear()
    test.run()
    assert told(test)[0] == "d7"
    assert query(test) == {"lang": ["zh"], "period": ["d7"]}


def test_a_choice_made_while_the_address_is_stale_is_not_lost():
    test = opened(period="d7")
    test.query_params.clear()  # the browser has not heard yet
    test.button(key="toggle").click().run()
    assert query(test) == {"period": ["d7"], "product": ["a"]}


def test_the_menu_takes_filters_along_and_leaves_a_page_its_own():
    test = opened(period="d7")
    test.button(key="mine").click().run()
    assert query(test) == {"period": ["d7"], "mine": ["x"]}
    test.query_params.clear()
    test.session_state["on"] = "losses"
    test.run()
    assert query(test) == {"period": ["d7"]}
    test.query_params.clear()
    test.session_state["on"] = "overview"
    test.run()
    assert query(test) == {"period": ["d7"], "mine": ["x"]}


def test_a_link_to_another_page_brings_its_own_filters():
    test = opened(period="d7", product="a")
    test.query_params.clear()
    test.query_params["product"] = "b"
    test.session_state["on"] = "losses"
    test.run()
    assert told(test)[:2] == ["d30", "b"]


def test_what_is_too_long_is_cut():
    assert len(told(opened(product="x" * 5000))[1]) == 200
