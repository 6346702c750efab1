"""The one kind of error that is shown to an operator as it stands; any other exception is a bug."""

from __future__ import annotations


class OperatorError(Exception):
    """Say where something was found, what it was, what was expected and what to do.

    `str(error)` is the one line that pages and the command line show. The four parts stay readable apart, so that a
    page can lay them out and a test can hold each to its word.
    """

    def __init__(self, where: str, found: str, expected: str, remedy: str) -> None:
        self.where = where
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(f"{where}：{found}；应为：{expected}。{remedy}")
