"""Every read of this room, scoped to a person's rights: what they may not see is not there."""

from trassa.records.queries.boards import board_cards, board_sums
from trassa.records.queries.cards import get_record, get_written_record, list_history, missing_for_stage
from trassa.records.queries.duplicates import Duplicate, find_duplicates, key_fields
from trassa.records.queries.expressions import read_where, reader_scope, reader_style
from trassa.records.queries.lists import COUNT_LIMIT, count_each, count_records, list_records, sum_records
from trassa.records.queries.names import base_labels, names_for, titles_in, visible_titles
from trassa.records.queries.search import search
from trassa.records.queries.spelling import Findings, find_hits
from trassa.records.queries.suspects import key_values, list_suspects

__all__ = [
    "COUNT_LIMIT",
    "Duplicate",
    "Findings",
    "base_labels",
    "board_cards",
    "board_sums",
    "count_each",
    "count_records",
    "find_duplicates",
    "find_hits",
    "get_record",
    "get_written_record",
    "key_fields",
    "key_values",
    "list_history",
    "list_records",
    "list_suspects",
    "missing_for_stage",
    "names_for",
    "read_where",
    "reader_scope",
    "reader_style",
    "search",
    "sum_records",
    "titles_in",
    "visible_titles",
]
