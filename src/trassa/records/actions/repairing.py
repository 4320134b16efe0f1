"""What mends the store of contents: small pictures are drawn again, contents come back from a backup."""

from django.utils.translation import gettext as _

from trassa.kernel import Invalid
from trassa.records.actions.previews import preview_content
from trassa.records.contents.store import Readable, current_store, read_chunks
from trassa.records.models import Content
from trassa.records.queries.contents import StoreReport, lost_pictures

#: Bytes; what was taken in once is taken back whatever the limit is today.
_NO_LIMIT = 2**63


def redraw_lost_pictures(report: StoreReport) -> int:
    """Draw the small pictures again that are missing or damaged; gives how many contents have theirs back."""
    count = 0
    for hash in list(lost_pictures(report.lost)):
        Content.objects.filter(hash=hash).update(preview=Content.Preview.DUE, thumbnail=None, large=None)
        count += preview_content(hash)
    return count


def put_content(hash: str, stream: Readable) -> None:
    """Put a content back into its place; raises Invalid when it is another one than its hash says."""
    store = current_store()
    draft = store.receive(read_chunks(stream), limit=_NO_LIMIT)
    try:
        if draft.hash != hash:
            raise Invalid(_("The content %s is damaged.") % hash)
        store.keep(draft)
    finally:
        store.discard(draft)
