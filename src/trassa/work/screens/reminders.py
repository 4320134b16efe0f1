"""Reminders in the menu of a card, and what of notifications the palette leads to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trassa.access.queries import Actor
from trassa.people.types import Duration
from trassa.schema.types import TypeSpec
from trassa.ui import Command, NavItem, address_of
from trassa.work.queries.reminders import offsets_before
from trassa.work.reminder_types import USUAL


def remind_me(actor: Actor, spec: TypeSpec, id: int) -> NavItem | None:
    """In the menu of a card: one's reminders about the record."""
    return NavItem(_("Remind me…"), address_of("work:record_reminders", spec.code, id), "clock", dialog=True)


@dataclass(frozen=True, slots=True)
class UsualReminder:
    """One of the durations that the form of a task offers."""

    value: str
    label: str
    checked: bool


def usual_reminders(request: HttpRequest, actor: Actor, task_id: int | None) -> list[UsualReminder]:
    """What the form of a task offers: ticked as it was sent, else as it is."""
    if request.method == "POST":
        chosen = {str(Duration.parse(each)) for each in USUAL if each in request.POST.getlist("remind")}
    else:
        chosen = offsets_before(actor, task_id) if task_id is not None else set()
    return [
        UsualReminder(
            each,
            pgettext("a deadline", "%s before") % (-(offset := Duration.parse(each))).words,
            str(offset) in chosen,
        )
        for each in USUAL
    ]


def list_pages(request: HttpRequest) -> Sequence[Command]:
    """One's notifications, how they come, what was sent, and one's reminders."""
    group = _("Go to")
    return [
        Command("notices", _("Notifications"), group, address_of("work:notices"), "bell"),
        Command("reminders", _("Reminders"), group, address_of("work:reminders"), "clock"),
        Command("channels", _("How I am told"), _("Settings"), address_of("work:channels"), "settings"),
        Command("deliveries", _("What was sent"), group, address_of("work:deliveries"), "send"),
    ]
