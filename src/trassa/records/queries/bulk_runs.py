"""Changes of many records: which records they concern, how they stand, and what was refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.kernel import NotFound
from trassa.records.models import BulkItem, BulkRun
from trassa.records.queries.bins import in_bin
from trassa.records.queries.filters import filtered
from trassa.records.queries.lists import live_rows
from trassa.records.queries.names import visible_titles
from trassa.records.queries.time_limits import in_time
from trassa.records.types import ListQuery
from trassa.schema.queries import current_generation
from trassa.schema.types import TypeSpec


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that was refused, or that undoing left; `title` is "" for one that the person does not see."""

    record_id: int
    title: str
    reason: str


@in_time
def find_ids(actor: Actor, spec: TypeSpec, query: ListQuery, limit: int) -> list[int]:
    """Ids of at most `limit` records that a list finds for this person, ascending."""
    rows = filtered(live_rows(spec), actor, current_generation(), spec, query)
    rows = restrict(rows, actor.reach(Verb.SEE, spec))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def visible_ids(actor: Actor, spec: TypeSpec, ids: Collection[int]) -> list[int]:
    """Those of `ids` that are there for this person, ascending."""
    rows = restrict(live_rows(spec).filter(pk__in=ids), actor.reach(Verb.SEE, spec))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def get_bulk_run(actor: Actor, id: int) -> BulkRun:
    """A run of this person; raises NotFound."""
    found = BulkRun.objects.filter(id=id, person_id=actor.id or 0).first()
    if found is None:
        raise NotFound(_("There is no such change."))
    return found


def list_bulk_runs(actor: Actor, *, limit: int = 50) -> list[BulkRun]:
    """The person's runs, newest first."""
    return list(BulkRun.objects.filter(person_id=actor.id or 0).order_by("-id")[:limit])


def list_problems(actor: Actor, run: BulkRun, *, after: int = 0, limit: int = 100) -> Sequence[Problem]:
    """Records that were refused or left, by id, from behind `after` on."""
    items = BulkItem.objects.filter(run_id=run.id, record_id__gt=after).exclude(reason="")
    rows = list(items.order_by("record_id").values_list("record_id", "reason")[:limit])
    ids = {id for id, _reason in rows}
    titles = dict(visible_titles(actor, {run.type_id: ids})[run.type_id])
    spec = current_generation().types_by_id.get(run.type_id)
    if spec is not None and (rest := ids - titles.keys()):
        titles |= in_bin(actor, spec).filter(pk__in=rest).values_list("pk", "title")
    return [Problem(id, titles.get(id, ""), reason) for id, reason in rows]
