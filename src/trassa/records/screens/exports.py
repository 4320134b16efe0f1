"""One export in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from trassa.kernel import now
from trassa.records.models import Export
from trassa.schema.queries import current_generation
from trassa.ui import date_exact, date_short


@dataclass(frozen=True, slots=True)
class ExportLine:
    """What was asked for, how it stands, and where its file is while it is kept."""

    id: int
    title: str
    at: str
    at_exact: str
    state: str
    words: str
    done: int
    total: int | None
    file_url: str
    poll_url: str
    cancel_url: str


def make_line(export: Export) -> ExportLine:
    spec = current_generation().types_by_id.get(export.type_id)
    running = export.state in (Export.State.WAITING, Export.State.RUNNING)
    kept = export.file is not None and export.file.expires_at is not None and export.file.expires_at > now()
    return ExportLine(
        id=export.id,
        title=f"{spec.plural if spec else export.type} · {export.format.upper()}",
        at=date_short(export.created_at),
        at_exact=date_exact(export.created_at),
        state=export.state,
        words=words_of(export, kept=kept),
        done=export.done,
        total=export.total,
        file_url=reverse("records:file_content", args=[export.file_id]) if kept and export.file_id else "",
        poll_url=reverse("records:export", args=[export.id]) if running else "",
        cancel_url=reverse("records:cancel_export", args=[export.id]) if running else "",
    )


def words_of(export: Export, *, kept: bool) -> str:
    """How it stands."""
    if export.state == Export.State.DONE:
        rows = _("%s rows") % export.done
        return rows if kept else _("%s; the file is kept for a day and is gone") % rows
    words = {
        Export.State.WAITING: _("waiting for its turn"),
        Export.State.RUNNING: _("%s rows so far") % export.done,
        Export.State.CANCELLED: _("cancelled"),
        Export.State.FAILED: export.problem,
    }
    return words[Export.State(export.state)]
