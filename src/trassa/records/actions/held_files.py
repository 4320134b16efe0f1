"""Files that a row of an upper room holds: uploads that come to it and go from it.

The caller has looked at rights and writes history; inside its transaction. See docs/decisions/0019-files.md.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from trassa.access.queries import Actor
from trassa.kernel import FieldError, Invalid, NotFound, now
from trassa.records.actions.attachments import lock_files
from trassa.records.field_kinds import MAX_FILES
from trassa.records.models import File
from trassa.records.queries.files import read_files
from trassa.records.registries import file_holders
from trassa.records.types import StoredFile


def hold_files(actor: Actor, holder: str, holder_id: int, ids: Sequence[int]) -> list[StoredFile]:
    """Let a row hold uploads of the actor beside those that it has; gives the new ones.

    Raises Invalid (field "files") for what is no upload of theirs that waits for a place.
    """
    file_holders.get(holder)
    wanted = list(dict.fromkeys(ids))
    known = lock_files(wanted)
    moment = now()
    for id in wanted:
        file = known.get(id)
        own = file is not None and file.uploaded_by_id == actor.id
        if not own or file is None or file.expires_at is None or file.expires_at <= moment:
            raise refuse("unknown_file", _("There is no such file to attach. Upload it once more."))
    count = File.objects.filter(holder=holder, holder_id=holder_id, removed_at=None).count()
    if count + len(wanted) > MAX_FILES:
        raise refuse("too_many", _("At most %s files may lie here.") % MAX_FILES)
    for position, id in enumerate(wanted):
        File.objects.filter(id=id).update(
            holder=holder, holder_id=holder_id, position=count + position, expires_at=None
        )
    return [known[id] for id in wanted]


def let_go(holders: Sequence[str], holder_id: int, id: int, *, back: bool = False) -> StoredFile:
    """Take a file away from a row, or bring it back; raises NotFound for one that is not there."""
    found = read_files(id=id, holder__in=holders, holder_id=holder_id, removed_at__isnull=not back)
    if not found:
        raise NotFound(_("There is no such file."))
    File.objects.filter(id=id).update(removed_at=None if back else now())
    return found[0]


def refuse(code: str, message: str) -> Invalid:
    return Invalid(message, errors=[FieldError("files", code, message)])
