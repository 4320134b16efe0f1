"""Absences: who is away, and who stands in.

Everybody enters their own; heads of the person's department or of one above, and administrators, those of
others. What has begun is theirs to correct. An absence counts from the moment it is entered.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from trassa.journal import Changes, Json
from trassa.kernel import FieldError, Forbidden, Invalid, today
from trassa.people.actions.working_time import tell_working_time
from trassa.people.history import additions, differences, write_entry
from trassa.people.models import Absence, Person
from trassa.people.queries import manages, names_of
from trassa.people.types import NO_CAUSE, AbsenceDraft, Cause


@transaction.atomic
def add_absence(
    person: Person, draft: AbsenceDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> Absence:
    """Enter an absence; raises Forbidden, and Invalid for days that are taken or a substitute who is away."""
    _authorise(person.id, actor_id, since=draft.since)
    row = Absence(person=person)
    _fill(row, draft)
    changes = additions(_state(row))
    _note("absence_added", row, changes, actor_id=actor_id, cause=cause)
    return row


@transaction.atomic
def change_absence(
    absence: Absence, draft: AbsenceDraft, *, actor_id: int | None, cause: Cause = NO_CAUSE
) -> Absence:
    """Make an absence what the draft says; returns the row as it is now."""
    row = Absence.objects.select_for_update().get(id=absence.id)
    _authorise(row.person_id, actor_id, since=min(row.since, draft.since))
    before = _state(row)
    _fill(row, draft)
    made = differences(before, _state(row))
    if made:
        days = {key: made.get(key, (before[key], before[key])) for key in ("since", "until")}
        _note("absence_changed", row, {**days, **made}, actor_id=actor_id, cause=cause)
    return row


@transaction.atomic
def remove_absence(absence: Absence, *, actor_id: int | None, cause: Cause = NO_CAUSE) -> None:
    """Take an absence back, as if it had never been entered; history keeps it."""
    row = Absence.objects.select_for_update().get(id=absence.id)
    _authorise(row.person_id, actor_id, since=row.since)
    changes = {key: (value, None) for key, value in _state(row).items() if value not in (None, "")}
    _note("absence_removed", row, changes, actor_id=actor_id, cause=cause)
    row.delete()


def _authorise(person_id: int, actor_id: int | None, *, since: date) -> None:
    if actor_id is None or manages(actor_id, person_id):
        return
    if actor_id != person_id:
        raise Forbidden(_("Only the person, their head or an administrator may do this."))
    if since < today():
        raise Forbidden(_("This absence has begun. Ask your head to correct it."))


def _fill(row: Absence, draft: AbsenceDraft) -> None:
    row.since, row.until, row.kind = draft.since, draft.until, draft.kind
    row.substitute_id, row.note = draft.substitute_id, draft.note.strip()
    # Days of one person, and chains of substitutes, are checked one after the other.
    list(
        Person.objects.select_for_update()
        .filter(id__in=[row.person_id, row.substitute_id or 0])
        .order_by("id")
    )
    _check(row)
    row.save()


def _check(row: Absence) -> None:
    if row.until < row.since:
        raise _refusal("until", "before_beginning", _("The last day lies before the first."))
    if row.kind not in Absence.Kind.values:
        raise _refusal("kind", "unknown", _("There is no such kind of absence."))
    others = Absence.objects.filter(person_id=row.person_id, since__lte=row.until, until__gte=row.since)
    taken = others.exclude(id=row.id).first()
    if taken is not None:
        message = _("An absence from %(since)s to %(until)s is entered already.")
        days = {"since": f"{taken.since:%d.%m.%Y}", "until": f"{taken.until:%d.%m.%Y}"}
        raise _refusal("since", "overlaps", message % days)
    if row.substitute_id is not None:
        _check_substitute(row, row.substitute_id)


def _check_substitute(row: Absence, substitute_id: int) -> None:
    if not Person.objects.filter(id=substitute_id, is_active=True).exists() or substitute_id == row.person_id:
        raise _refusal("substitute", "unsuitable", _("Choose somebody else who works here."))
    if _leads_to(substitute_id, row.person_id, row.since, row.until):
        name = names_of([substitute_id])[substitute_id]
        message = _(
            "%(name)s is away on some of these days, and it is this person who stands in. Choose another."
        )
        raise _refusal("substitute", "circle", message % {"name": name})


def _leads_to(person_id: int, wanted_id: int, since: date, until: date) -> bool:
    """Whether the work of a person comes to `wanted_id` on any of these days."""
    if person_id == wanted_id:
        return True
    away = Absence.objects.filter(person_id=person_id, since__lte=until, until__gte=since).exclude(
        substitute=None
    )
    return any(
        _leads_to(each.substitute_id or 0, wanted_id, max(since, each.since), min(until, each.until))
        for each in away
    )


def _refusal(field: str, code: str, message: object) -> Invalid:
    text = str(message)
    return Invalid(text, errors=[FieldError(field, code, text)])


def _note(kind: str, row: Absence, changes: Changes, *, actor_id: int | None, cause: Cause) -> None:
    write_entry(kind, ("person", row.person_id), changes, actor_id=actor_id, cause=cause)
    tell_working_time([row.person_id])


def _state(row: Absence) -> dict[str, Json]:
    return {
        "since": row.since.isoformat(),
        "until": row.until.isoformat(),
        "kind": row.kind,
        "substitute": row.substitute_id,
        "note": row.note,
    }
