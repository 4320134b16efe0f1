"""A person's notices, as far as they still see the records that these are about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from trassa.access.queries import Actor, restrict
from trassa.access.types import Verb
from trassa.people.queries import names_of
from trassa.schema.queries import current_generation
from trassa.ui import address_of
from trassa.work.events import notice_topic
from trassa.work.models import Notice
from trassa.work.notice_types import NoticeFacts, NoticeLine
from trassa.work.registries import notice_kinds

#: For whom a person is told who stands in, in the data of a notice.
INSTEAD_OF = "instead_of"
#: Counting stops here.
COUNT_LIMIT = 99


def visible_notices(actor: Actor) -> QuerySet[Notice]:
    """The notices of a person about what they see, and about no record at all."""
    return Notice.objects.filter(Q(record=None) | _seen(actor), person_id=actor.id or 0, kind__in=_kinds())


def _seen(actor: Actor) -> Q:
    whole: list[int] = []
    seen = Q()
    for spec in current_generation():
        reach = actor.reach(Verb.SEE, spec)
        if reach.everything:
            whole.append(spec.id)
        elif not reach.nothing:
            rows = spec.model._default_manager.filter(pk=OuterRef("record_id"), deleted_at=None)
            seen |= Q(Exists(restrict(rows, reach)), record__type_id=spec.id)
    return seen | Q(record__type_id__in=whole, record__deleted_at=None)


def _kinds() -> list[str]:
    return [code for code, _kind in notice_kinds.items()]


def count_unread(actor: Actor) -> int:
    """How many notices a person has not read, one more than COUNT_LIMIT for all above."""
    return len(visible_notices(actor).filter(read_at=None, in_app=True).values("id")[: COUNT_LIMIT + 1])


def list_notices(
    actor: Actor,
    *,
    only_unread: bool = False,
    kinds: Sequence[str] = (),
    ids: Set[int] | None = None,
    before: int | None = None,
    limit: int = 50,
    on_screen: bool = True,
) -> list[NoticeLine]:
    """Notices of a person behind id `before`, newest first, in the reader's language.

    Those that are only sent are left out, unless `on_screen` is false.
    """
    rows = visible_notices(actor).select_related("record").order_by("-id")
    if on_screen:
        rows = rows.filter(in_app=True)
    if only_unread:
        rows = rows.filter(read_at=None)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return lines_of(rows[:limit])


def lines_of(rows: Sequence[Notice] | QuerySet[Notice]) -> list[NoticeLine]:
    """These notices in words; one query for names, and what the quotes of their kinds ask."""
    notices = list(rows)
    named = {id for row in notices for id in (row.who_id, row.data.get(INSTEAD_OF)) if id is not None}
    names = names_of(named)
    quotes = _quotes(notices)
    return [_line(row, names, quotes.get(row.id, "")) for row in notices]


def _quotes(notices: Sequence[Notice]) -> dict[int, str]:
    by_kind: Mapping[str, list[Notice]] = defaultdict(list)
    for row in notices:
        by_kind[row.kind].append(row)
    found: dict[int, str] = {}
    for kind, group in by_kind.items():
        texts = notice_kinds.get(kind).quotes([row.data for row in group])
        found |= {row.id: text for row, text in zip(group, texts, strict=True)}
    return found


def _line(row: Notice, names: Mapping[int, str], quote: str) -> NoticeLine:
    kind = notice_kinds.get(row.kind)
    spec = current_generation().types_by_id.get(row.record.type_id) if row.record else None
    who = names.get(row.who_id or 0, "")
    facts = NoticeFacts(
        data=row.data,
        who=who,
        title=row.record.title if row.record else "",
        card=address_of("records:card", spec.code, row.record_id or 0) if spec else "",
    )
    text = kind.text(facts)
    if INSTEAD_OF in row.data:
        named = {"text": text, "name": names.get(row.data[INSTEAD_OF], "")}
        text = _("%(text)s (you stand in for %(name)s)") % named
    return NoticeLine(
        id=row.id,
        kind=row.kind,
        label=str(kind.label),
        icon=kind.icon,
        text=text,
        quote=quote,
        url=kind.address(facts),
        record_id=row.record_id,
        type=spec.code if spec else "",
        type_label=str(spec.label) if spec else "",
        title=facts.title,
        who_id=row.who_id,
        who=who,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def count_notices_about(record_id: int) -> int:
    """How many notices there are about a record."""
    return Notice.objects.filter(record_id=record_id).count()


def known_kinds() -> list[tuple[str, str]]:
    """Codes of all kinds with their names in the reader's language."""
    return [(code, str(kind.label)) for code, kind in notice_kinds.items()]


def own_notice_topic(actor: Actor) -> list[str]:
    """The topic on which somebody hears of their notices, for their ticket."""
    return [] if actor.id is None else [notice_topic(actor.id)]
