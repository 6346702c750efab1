"""The command line: parse, call an action, print. Results go to stdout, progress to stderr."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from analytics import settings
from analytics.actions import commands, one_order, tool_commands, urge_commands, what_if_commands
from analytics.errors import OperatorError

DIMENSIONS_HELP = (
    "day week month weekday hour shop product sku price_band channel sales_mode streamer province carrier tool, "
    "reason stage kind, provenance"
)


ONE_ORDER = "what-if one-order"
ONE_ORDER_EXAMPLE = "what-if one-order --price 129 --goods-cost 45 --stage returned"
YEARS = range(2000, 2100)  # no shop has days beyond them
LIST_KINDS = ["all", "priority_ship", "urge_ship", "address_change"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 when a check failed or rows were rejected, 2 when nothing could be done."""
    _speak_utf8()
    try:
        return _run(arguments)
    except OperatorError as error:
        return _refused(str(error))
    except KeyboardInterrupt:
        return _refused("已中断；没有做完的那一步没有留下任何改动。")
    except BrokenPipeError:
        # Whoever read the answer has enough of it; what is left must not fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _refused(
            f"「{Path(error.filename or '').name or '输出'}」：{error.strerror}；应为：可以读写的位置。请检查路径后再试。"
        )


def _run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(_with_one_order(sys.argv[1:] if arguments is None else arguments))
    outcome = options.run(options)
    for line in outcome.complaints:
        print(line, file=sys.stderr)
    if outcome.answer is not None:
        form = options.format or ("table" if sys.stdout.isatty() else "json")
        print(commands.rendered(outcome.answer, form), flush=True)
    return outcome.exit_status


def _with_one_order(arguments: Sequence[str]) -> list[str]:
    """`what-if one-order` is a command of its own: the word after `what-if` may also be a file."""
    words = list(arguments)
    for place in range(len(words) - 1):
        if (words[place], words[place + 1]) == tuple(ONE_ORDER.split()):
            words[place : place + 2] = [ONE_ORDER]
            break
    return words


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong with the words of a command in one line."""

    def error(self, message: str) -> NoReturn:
        raise OperatorError(
            f"命令 {self.prog.removeprefix('python -m analytics').strip()}", message, "见 --help", "请改正后再试。"
        )


def parser() -> argparse.ArgumentParser:
    """Build the parser of every command, each with an example in its help."""
    top = _Parser(prog="python -m analytics", description="退款账本 · Refund Ledger", epilog=_example("losses --by month"))
    top.add_argument("--home", type=Path, default=None, help="folder of the installation (else REFUND_LEDGER_HOME, else data/)")
    top.add_argument("--format", choices=["table", "csv", "json"], default=None, help="table on a terminal, json otherwise")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    account = (_add_import, _add_imports, _add_losses, _add_refunds, _add_report, _add_costs, _add_what_if, _add_tools)
    for add in (*account, _add_maturity, _add_urges, _add_files, _add_check, _add_backup):
        add(sub)
    return top


def _add_import(sub: Any) -> None:
    command = _command(
        sub, "import", commands.run_import, "load files of any known kind", "import 订单导出_20261116091200.csv 售后单.xlsx"
    )
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--shop", help="the shop the files belong to")
    command.add_argument(
        "--list", dest="list_kind", choices=["all", "priority_ship", "urge_ship", "address_change"], default=None
    )
    command.add_argument(
        "--exported-at", type=_time, default=None, metavar="TIME", help="when the files were exported (Beijing time)"
    )
    command.add_argument("--password", default=None, metavar="PW", help="password of a protected workbook")
    command.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")
    command.add_argument("--strict", action="store_true", help="store nothing of a file with rejected rows")
    _add_actor(command)


def _add_imports(sub: Any) -> None:
    command = _command(sub, "imports", commands.run_imports, "list the receipts; take a load back", "imports undo 12")
    actions = command.add_subparsers(dest="imports_command", metavar="undo")
    undo = _command(actions, "undo", commands.run_undo, "take a load back", "imports undo 12")
    undo.add_argument("load_id", type=int, metavar="LOAD_ID")
    _add_actor(undo)


def _add_losses(sub: Any) -> None:
    command = _command(
        sub, "losses", commands.run_losses, "what refunds cost, grouped", "losses --by month --by product --clock refunded"
    )
    command.add_argument("--by", action="append", default=[], metavar="DIM", help=DIMENSIONS_HELP)
    _add_filters(command)


def _add_refunds(sub: Any) -> None:
    _add_filters(_command(sub, "refunds", commands.run_refunds, "one row a case", "refunds --where stage=kept --from 2026-10-01"))


def _add_maturity(sub: Any) -> None:
    text = "what young days have lost so far, will lose in the end, and the range"
    command = _command(sub, "maturity", commands.run_maturity, text, "maturity --by product --from 2026-10-01 --as-of 2026-11-01")
    command.add_argument("--by", default=None, metavar="DIM", help=f"else a row a day (a week in small shops): {DIMENSIONS_HELP}")
    command.add_argument("--as-of", type=_day, default=None, metavar="DATE", help="with nothing but what was known on this day")
    text = "of orders (default), money given back, hidden loss, total loss"
    command.add_argument("--measure", choices=["orders", "sales", "hidden", "total"], default="orders", help=text)
    _add_filters(command, has_clock=False)


def _add_report(sub: Any) -> None:
    example = "report 十月.xlsx --from 2026-10-01 --to 2026-10-31"
    command = _command(sub, "report", commands.run_report, "the whole account as a workbook", example)
    command.add_argument("file", type=Path, metavar="FILE.xlsx")
    _add_filters(command)
    command.add_argument("--lang", dest="language", choices=["zh", "en"], default="zh", help="language of the workbook")
    _add_actor(command)


def _add_costs(sub: Any) -> None:
    command = _command(
        sub,
        "costs",
        commands.run_costs,
        "list, set or preview the dated settings",
        "costs set outbound_freight 2.80 --from 2026-10-01",
    )
    command.add_argument("--shop", default=None)
    actions = command.add_subparsers(dest="costs_command", metavar="set|preview")
    for name, run, text in (
        ("set", commands.run_costs_set, "set a cost"),
        ("preview", commands.run_costs_preview, "say what setting a cost would change, in money"),
    ):
        one = _command(actions, name, run, text, f"costs {name} damage_rate_returned 15% --scope product:P1")
        one.add_argument("name", metavar="NAME")
        one.add_argument("value", metavar="VALUE", help="yuan, minutes, percent (20%%), or off")
        one.add_argument(
            "--from", dest="effective_from", type=_day, default=None, metavar="DATE", help="from this day on (else always)"
        )
        one.add_argument("--scope", default="", help="product:ID, province:NAME or reason:WORD")
        one.add_argument("--shop", default=argparse.SUPPRESS)
        _add_actor(one)


def _add_urges(sub: Any) -> None:
    command = _command(sub, "urges", urge_commands.run_urges, "the ranked list of urged orders; mark them", "urges --all")
    command.add_argument("--now", type=_time, default=None, metavar="TIME", help="as if it were this time (Beijing)")
    command.add_argument("--all", action="store_true", help="also orders nobody urged, and those dealt with")
    command.add_argument("--shop", action="append", default=[], metavar="NAME")
    actions = command.add_subparsers(dest="urges_command", metavar="mark|undo")
    example = "urges mark 2500000000219844 --as taken --by 阿敏"
    mark = _command(actions, "mark", urge_commands.run_urges_mark, "write down what is done about orders", example)
    mark.add_argument("orders", nargs="+", metavar="ORDER")
    mark.add_argument("--as", dest="mark", choices=urge_commands.MARKS, required=True)
    mark.add_argument("--until", type=_time, default=None, metavar="TIME", help="of snoozed: when it is back")
    mark.add_argument("--reason", default="", help="of dismissed: why")
    mark.add_argument("--shop", action="append", default=argparse.SUPPRESS, metavar="NAME")
    mark.add_argument("--now", type=_time, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    _add_actor(mark)
    undo = _command(actions, "undo", urge_commands.run_urges_undo, "take an action back", "urges undo 12")
    undo.add_argument("batch_id", type=int, metavar="BATCH_ID", help="as `urges mark` has printed it")
    _add_actor(undo)


def _add_files(sub: Any) -> None:
    templates = _command(sub, "templates", commands.run_templates, "write the empty upload templates", "templates 模板")
    templates.add_argument("folder", type=Path, metavar="DIR")
    sample = _command(sub, "sample", commands.run_sample, "write the example exports", "sample 示例 --until 2026-11-16")
    sample.add_argument("folder", type=Path, metavar="DIR")
    sample.add_argument("--until", type=_day, default=None, metavar="DATE", help="last day of the example (else yesterday)")
    sample.add_argument("--seed", type=_seed, default=7, metavar="N")


def _add_check(sub: Any) -> None:
    _command(sub, "check", commands.run_check, "test every integrity rule of the ledger", "check")


def _add_backup(sub: Any) -> None:
    for name, run, text in (
        ("backup", commands.run_backup, "write one consistent file"),
        ("restore", commands.run_restore, "put a backup in the ledger's place"),
    ):
        command = _command(sub, name, run, text, f"{name} 退款账本备份.zip")
        command.add_argument("file", type=Path, metavar="FILE")
        _add_actor(command)


def _add_what_if(sub: Any) -> None:
    example = "what-if --set return_freight=6.00 --set refund_rate[stage=before_shipment]=x0.8 --from 2026-10-01"
    command = _command(
        sub, "what-if", what_if_commands.run_what_if, "what would change if; what-if one-order: one order", example
    )
    command.add_argument("scenario", nargs="?", type=Path, default=None, metavar="SCENARIO.toml")
    command.add_argument("--set", action="append", default=[], metavar="LEVER=VALUE", help=what_if_commands.LEVERS_HELP)
    command.add_argument("--from", dest="first_day", type=_day, default=None, metavar="DATE")
    command.add_argument("--to", dest="last_day", type=_day, default=None, metavar="DATE")
    command.add_argument("--shop", action="append", default=[], metavar="NAME")
    command.add_argument("--seek", default=None, metavar="LEVER", help="the value of a lever at which the profit is --goal")
    command.add_argument("--goal", type=_yuan, default=0, metavar="YUAN", help="profit to be reached (else 0)")
    command.add_argument("--save", default=None, metavar="NAME", help="keep the scenario under a name")
    command.add_argument("--load", default=None, metavar="NAME", help="start from a saved scenario")
    command.add_argument("--export", type=Path, default=None, metavar="FILE.xlsx", help="a workbook with every input")
    command.add_argument("--lang", dest="language", choices=["zh", "en"], default="zh", help="language of the workbook")
    command.add_argument("--saved", action="store_true", help="the saved scenarios: promised, and what they come to now")
    command.add_argument("--forget", default=None, metavar="NAME", help="forget a saved scenario")
    _add_actor(command)
    command.epilog = f"{_example(ONE_ORDER_EXAMPLE)}; {command.epilog}"
    _add_one_order(sub)


def _add_one_order(sub: Any) -> None:
    text = "what one imagined order costs and earns"
    command = _command(sub, ONE_ORDER, commands.run_one_order, text, ONE_ORDER_EXAMPLE)
    command.add_argument("--stage", choices=one_order.ENDINGS, default=None, help="this ending only (none: not refunded)")
    command.add_argument("--shop", default=None, metavar="NAME", help="what is not typed is as usual in this shop")
    command.add_argument("--product", default="", metavar="ID", help="… and of this product")
    command.add_argument("--from", dest="first_day", type=_day, default=None, metavar="DATE", help="… from this day on")
    command.add_argument("--to", dest="last_day", type=_day, default=None, metavar="DATE", help="… up to this day")
    for name in one_order.INPUTS:
        command.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="VALUE", help=one_order.help_of(name))


def _add_tools(sub: Any) -> None:
    text = "what each retention tool touched, saved and cost, and how sure that is"
    tools = _command(sub, "tools", tool_commands.run_tools, text, "tools --tool small_payment --from 2026-08-01")
    tools.add_argument("--tool", default=None, metavar="NAME", help="priority_ship address_change urge_ship coupon small_payment")
    by_text = "a row a tool and group: counts beside effect; json says too whether groups differ by more than chance"
    tools.add_argument("--by", dest="dimension", choices=tool_commands.GROUPED_BY, default=None, help=by_text)
    _add_tool_scope(tools)
    actions = tools.add_subparsers(dest="tools_command", metavar="reach|rules|reasons|holdouts")
    for name, run, text in (
        ("reach", tool_commands.run_reach, "where a tool could have helped, a month"),
        ("rules", tool_commands.run_rules, "small payments beside the platform's limits"),
    ):
        _add_tool_scope(_command(actions, name, run, text, f"tools {name}"), is_below=True)
    _add_reasons(actions)
    _add_holdouts(actions)


def _add_reasons(actions: Any) -> None:
    text = "which tool could have helped with each reason of refunds"
    reasons = _command(actions, "reasons", tool_commands.run_reasons, text, "tools reasons set 质量问题 small_payment")
    setting = reasons.add_subparsers(dest="reasons_command", metavar="set")
    one = _command(setting, "set", tool_commands.run_reasons_set, text, "tools reasons set 质量问题 small_payment")
    one.add_argument("reason", metavar="REASON")
    one.add_argument(
        "tool_of_reason", metavar="TOOL", help="urge_ship (both shipping tools), address_change, small_payment, none, forget"
    )
    _add_actor(one)


def _add_holdouts(actions: Any) -> None:
    example = "tools holdouts begin urge_ship --share 10% --from 2026-11-20"
    holdouts = _command(actions, "holdouts", tool_commands.run_holdouts, "list hold-outs; plan, begin, end, report one", example)
    deeds = holdouts.add_subparsers(dest="holdouts_command", metavar="plan|begin|end|orders|report")
    for name, run, text in (
        ("plan", tool_commands.run_holdout_plan, "how many orders it takes"),
        ("begin", tool_commands.run_holdout_begin, "hold some orders out from a tool"),
    ):
        command = _command(deeds, name, run, text, f"tools holdouts {name} urge_ship --share 10%")
        command.add_argument("tool", metavar="TOOL", help="urge_ship priority_ship small_payment coupon")
        command.add_argument("--share", type=_share, default=0.10, metavar="SHARE", help="held out, 5%% to 20%%")
        command.add_argument("--from", dest="starts_on", type=_day, default=None, metavar="DATE", help="else today")
        command.add_argument("--to", dest="ends_on", type=_day, default=None, metavar="DATE")
        command.add_argument("--change", type=_share, default=0.05, metavar="CHANGE", help="of the refund rate, to be seen (5%%)")
        command.add_argument("--shop", default=None, metavar="NAME")
        _add_actor(command)
    for name, run, text in (
        ("end", tool_commands.run_holdout_end, "take no more orders"),
        ("orders", tool_commands.run_holdout_orders, "the orders and their arms, as a list"),
        ("report", tool_commands.run_holdout_report, "what the tool did, by intention to treat"),
    ):
        command = _command(deeds, name, run, text, f"tools holdouts {name} 1")
        command.add_argument("holdout_id", type=int, metavar="ID")
        _add_actor(command)


def _add_tool_scope(command: argparse.ArgumentParser, *, is_below: bool = False) -> None:
    """Add the period; an option given before a word below `tools` holds there too."""
    of_top = {"default": argparse.SUPPRESS} if is_below else {"default": None}
    command.add_argument("--from", dest="first_day", type=_day, metavar="DATE", **of_top)
    command.add_argument("--to", dest="last_day", type=_day, metavar="DATE", **of_top)
    help_text = "what would have been known at that moment"
    command.add_argument("--as-of", dest="as_of", type=_time, metavar="TIME", help=help_text, **of_top)
    shops = {"default": argparse.SUPPRESS} if is_below else {"default": []}
    command.add_argument("--shop", action="append", metavar="NAME", **shops)


def _add_filters(command: argparse.ArgumentParser, *, has_clock: bool = True) -> None:
    command.add_argument("--from", dest="first_day", type=_day, default=None, metavar="DATE")
    command.add_argument("--to", dest="last_day", type=_day, default=None, metavar="DATE")
    if has_clock:
        command.add_argument("--clock", choices=["paid", "refunded"], default="paid")
    command.add_argument("--where", action="append", default=[], metavar="DIM=VALUE")
    command.add_argument("--shop", action="append", default=[], metavar="NAME")


def _add_actor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--by", default="命令行", metavar="NAME", help="who is working; stands in receipts")


def _command(sub: Any, name: str, run: Callable[..., Any], text: str, example: str) -> argparse.ArgumentParser:
    command = sub.add_parser(name, help=text, description=text, epilog=_example(example))
    # The same two options also after the command, where most people type them.
    command.add_argument("--home", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    command.add_argument("--format", choices=["table", "csv", "json"], default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    command.set_defaults(run=lambda options: run(settings.home(options.home), options))
    return command


def _example(command: str) -> str:
    return f"example: python -m analytics {command}"


def _day(text: str) -> date:
    return _time(text).date()


def _share(text: str) -> float:
    try:
        return float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是比例，例如 10%") from None


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是日期或时间，例如 2026-10-01") from None
    if moment.year not in YEARS:
        raise argparse.ArgumentTypeError(f"「{text}」不在 {YEARS.start} 到 {YEARS.stop - 1} 年之间")
    return moment.astimezone(commands.BEIJING).replace(tzinfo=None) if moment.tzinfo else moment


def _yuan(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」不是金额，例如 1200.50") from None


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"「{text}」不是 0 或更大的整数")
    return int(text)


def _speak_utf8() -> None:
    """A Windows console or pipe may be in another encoding; results are UTF-8 everywhere."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
