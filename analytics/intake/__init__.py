"""From an operator's file to clean typed rows and everything that is wrong with the rest."""

from analytics.intake.formats import Format, formats, words
from analytics.intake.limits import Limits
from analytics.intake.names import LIST_KINDS, exported_at_from, guess_list_kind
from analytics.intake.reader import own_files, prepare_reader, read_file

__all__ = [
    "LIST_KINDS",
    "Format",
    "Limits",
    "exported_at_from",
    "formats",
    "guess_list_kind",
    "own_files",
    "prepare_reader",
    "read_file",
    "words",
]
