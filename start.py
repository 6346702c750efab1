"""Sets up a private Python environment, then starts Refund Ledger (`python start.py`), tests it or takes its screenshots."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ADDRESS = "127.0.0.1"
PREFERRED_PORT = 8501
ROOT = Path(__file__).resolve().parent
NETWORK_SIGNS = (
    "Failed to establish a new connection",
    "name resolution",
    "getaddrinfo",
    "Connection refused",
    "timed out",
    "ProxyError",
)
USAGE = "用法 / usage: python start.py [--no-browser]  |  start.py test [pytest 参数 / arguments]  |  start.py screens"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MACOS_BROWSERS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_BROWSERS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
BROWSER_WANTED = (
    "浏览器测试需要 Chromium、Chrome 或 Edge：请安装其中一个（Debian/Ubuntu：apt install chromium fonts-noto-cjk），"
    "或用环境变量 CHROMIUM 指明它的位置。"
    " / The browser tests need Chromium, Chrome or Edge: install one of them, or name its place in the variable CHROMIUM."
)


class SetupError(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then start, test or take screenshots; return the exit status."""
    _speak_utf8()
    try:
        require_python(sys.version_info[:2])
        if arguments[:1] == ["test"]:
            return run_tests(arguments[1:])
        if arguments == ["screens"]:
            return take_screens()
        return run_app(is_browser_wanted(arguments))
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def run_app(is_browser_opened: bool) -> int:
    """Start the app on this machine only; return Streamlit's exit status."""
    python = prepare(ROOT / ".venv", [ROOT / "requirements.txt"])
    port = free_port(PREFERRED_PORT)
    print(f"退款账本 · Refund Ledger → http://{ADDRESS}:{port}   (Ctrl+C: 退出 / quit)", flush=True)
    return _run(app_command(python, port, is_browser_opened))


def run_tests(arguments: Sequence[str]) -> int:
    """Lint, check the format and run the tests; return the first exit status that is not 0."""
    python = _prepare_to_test()
    tools = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["pytest", *arguments]]
    statuses = [_run([str(python), "-m", *tool]) for tool in tools]
    return next((status for status in statuses if status != 0), 0)


def take_screens() -> int:
    """Show every page of the sample shop to a browser and keep what it looks like in docs/screens; return the exit status."""
    return _run([str(_prepare_to_test()), "-m", "tests.browser.screens"])


def find_browser(environ: Mapping[str, str], system: str = sys.platform) -> Path | None:
    """Return the program of a Chromium, Chrome or Edge of this machine: the one in CHROMIUM first; None when there is none."""
    named = [environ["CHROMIUM"]] if environ.get("CHROMIUM") else []
    if system == "win32":
        roots = [environ[name] for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData") if environ.get(name)]
        usual = [f"{root}/{browser}" for browser in WINDOWS_BROWSERS for root in roots]
    elif system == "darwin":
        usual = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MACOS_BROWSERS]
    else:
        usual = [found for name in BROWSERS if (found := shutil.which(name, path=environ.get("PATH")))]
    return next((Path(path) for path in (*named, *usual) if Path(path).is_file()), None)


def browser_commands(python: Path, *, is_debian_root: bool) -> list[list[str]]:
    """Return the commands that bring a browser to a machine without one: by the system where we may, else Playwright's own."""
    if is_debian_root:
        return [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"]]
    return [[str(python), "-m", "playwright", "install", "chromium"]]


def is_browser_wanted(arguments: Sequence[str]) -> bool:
    """Read the options of a plain start; raises SetupError on one that does not exist."""
    unknown = [argument for argument in arguments if argument != "--no-browser"]
    if unknown:
        raise SetupError(f"不认识 / unknown: {' '.join(unknown)}。{USAGE}")
    return not arguments


def require_python(version: tuple[int, ...]) -> None:
    """Raise SetupError when Python is too old to run the program."""
    if version < OLDEST_PYTHON:
        found, wanted = (".".join(map(str, numbers)) for numbers in (version, OLDEST_PYTHON))
        raise SetupError(
            f"需要 Python {wanted} 或更新，现在是 {found}：请从 python.org 安装后再试。"
            f" / Python {wanted} or newer is needed, this is {found}: install it from python.org and try again."
        )


def prepare(folder: Path, requirements: Sequence[Path]) -> Path:
    """Make the environment in `folder` hold `requirements` and return its Python.

    Installs only what changed since last time. Raises SetupError.
    """
    python = environment_python(folder)
    if not _answers(python):
        _create_environment(folder)
    for path in requirements:
        stamp = folder / f"{path.name}.sha256"
        wanted = fingerprint([path], python_version=sys.version)
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
            _install(python, path)
            stamp.write_text(wanted, encoding="ascii")
    return python


def environment_python(folder: Path, system: str = os.name) -> Path:
    """Return where a virtual environment in `folder` keeps its Python."""
    return folder / "Scripts" / "python.exe" if system == "nt" else folder / "bin" / "python"


def fingerprint(paths: Iterable[Path], *, python_version: str) -> str:
    """Return a hash that changes when one of the files or the Python does; line endings do not count."""
    digest = hashlib.sha256(python_version.encode())
    for path in paths:
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def free_port(preferred: int) -> int:
    """Return the preferred port, or another free one when somebody listens there."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # there the option would let two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise SetupError("本机没有空闲端口：请关闭一些程序再试。 / No free port on this machine: close some programs and try again.")


def app_command(python: Path, port: int, is_browser_opened: bool) -> list[str]:
    """Return the command that serves the app."""
    command = [
        str(python),
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        f"--server.address={ADDRESS}",
        f"--server.port={port}",
    ]
    # Without the option Streamlit decides: it opens no browser on a Linux machine that has no screen.
    return command if is_browser_opened else [*command, "--server.headless=true"]


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every child: UTF-8 everywhere, also on a Windows of another code page."""
    return {**environ, "PYTHONUTF8": "1"}


def install_problem(output: str) -> str:
    """Say in one sentence why pip failed, from what it printed on stderr."""
    if any(sign in output for sign in NETWORK_SIGNS):
        return (
            "下载依赖失败，网络不通：请连上网络（或设置 PIP_INDEX_URL 镜像）后再试。"
            " / Downloading failed, no network: connect (or set a mirror in PIP_INDEX_URL) and try again."
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"安装依赖失败 / installing failed：{lines[-1] if lines else 'pip'}"


def _prepare_to_test() -> Path:
    """Set up everything that tests need, a browser among it, and return the environment's Python."""
    python = prepare(ROOT / ".venv", [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"])
    stamp = ROOT / ".venv" / "browser.ready"  # Playwright's own browser lies where only Playwright finds it
    if find_browser(os.environ) is None and not stamp.is_file():
        print("正在安装浏览器 … / Installing a browser …", flush=True)
        is_debian_root = bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0
        if all(_run(command) == 0 for command in browser_commands(python, is_debian_root=is_debian_root)):
            stamp.touch()
        else:
            print(BROWSER_WANTED, file=sys.stderr)  # the tests that need it will fail with this sentence
    return python


def _create_environment(folder: Path) -> None:
    print("第一次启动：正在准备运行环境 … / First start: preparing …", flush=True)
    # A half-made or moved environment is replaced, not mended.
    status = _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    if status != 0:
        raise SetupError(
            f"无法在 {folder} 建立虚拟环境：请确认可写、磁盘未满；Debian/Ubuntu 请先 apt install python3-venv。"
            f" / No virtual environment in {folder}: check that it is writable; on Debian/Ubuntu apt install python3-venv first."
        )


def _install(python: Path, requirements: Path) -> None:
    print(f"正在安装 {requirements.name} … / Installing …", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", str(requirements)]
    done = subprocess.run(
        command, env=child_environment(os.environ), cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
    )
    if done.returncode != 0:
        raise SetupError(install_problem(done.stderr))


def _answers(python: Path) -> bool:
    """Whether an environment is there and its Python still runs (the one it was made from may have been removed)."""
    if not python.is_file():
        return False
    try:
        return _run([str(python), "-c", "import pip"]) == 0
    except OSError:
        return False


def _run(command: Sequence[str]) -> int:
    with subprocess.Popen(command, env=child_environment(os.environ), cwd=ROOT) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()  # it got the Ctrl+C too and is closing the database
            raise


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
