"""Storage of what every record has, whatever its type."""

from trassa.records.models.anchors import Anchor, Participant
from trassa.records.models.bulk_runs import BulkItem, BulkRun
from trassa.records.models.comments import Comment, Mention, Reaction, Watch
from trassa.records.models.deadlines import DeadlineState, Tick
from trassa.records.models.exports import Export
from trassa.records.models.files import Content, File
from trassa.records.models.formulas import FormulaState, Recount
from trassa.records.models.frozen import FrozenValue
from trassa.records.models.merges import Merge
from trassa.records.models.saved_views import SavedView, ViewDefault, ViewRole
from trassa.records.models.search import FreshText, SearchDocument, SearchKey, SearchState, SearchWord
from trassa.records.models.viewers import Viewer

__all__ = [
    "Anchor",
    "BulkItem",
    "BulkRun",
    "Comment",
    "Content",
    "DeadlineState",
    "Export",
    "File",
    "FormulaState",
    "FreshText",
    "FrozenValue",
    "Mention",
    "Merge",
    "Participant",
    "Reaction",
    "Recount",
    "SavedView",
    "SearchDocument",
    "SearchKey",
    "SearchState",
    "SearchWord",
    "Tick",
    "ViewDefault",
    "ViewRole",
    "Viewer",
    "Watch",
]
