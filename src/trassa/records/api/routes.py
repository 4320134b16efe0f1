"""All operations of this room as one router."""

from ninja import Router

from trassa.records.api import (
    bins,
    boards,
    bulk,
    bulk_runs,
    checklists,
    comments,
    discussions,
    duplicates,
    exports,
    expressions,
    files,
    histories,
    merges,
    record_types,
    records,
    saved_views,
    searches,
)

router = Router()
for _part in (
    record_types,
    records,
    histories,
    bins,
    merges,
    bulk,
    bulk_runs,
    boards,
    searches,
    files,
    expressions,
    duplicates,
    exports,
    comments,
    discussions,
    checklists,
    saved_views,
):
    router.add_router("", _part.router)
