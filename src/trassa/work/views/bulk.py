"""Many tasks of the inbox at once: completed, put off or passed on, each with its own fate."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trassa.access.queries import Actor, actor_of_request
from trassa.kernel import NotFound, TrassaError
from trassa.ui import add_event, add_toast, address_of, read_ids, render_in_dialog
from trassa.work.actions import complete_task, delegate_task, snooze_task, take_task
from trassa.work.screens.forms import chosen_names, read_who
from trassa.work.views.tasks import CAUSE, moment_of

#: As many as one page of the inbox shows after a few screens.
MOST = 500


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Does `bulk_act` with the tasks `bulk_ids`: done, take, snooze (with `until`), delegate (with `who`)."""
    actor = actor_of_request(request)
    ids = read_ids(request.POST.get("bulk_ids", "").split(","))[:MOST]
    act = request.POST.get("bulk_act", "")
    if act == "done":
        return carry_out(ids, lambda id: complete_task(id, actor=actor, cause=CAUSE))
    if act == "take":
        return carry_out(ids, lambda id: take_task(id, actor=actor, cause=CAUSE))
    if act == "snooze":
        until = moment_of(request.POST.get("until", "tomorrow"))
        return carry_out(ids, lambda id: snooze_task(id, until, actor=actor, cause=CAUSE))
    if act == "delegate":
        return hand_over(request, actor, ids)
    raise NotFound(_("There is no such page."))


def hand_over(request: HttpRequest, actor: Actor, ids: Sequence[int]) -> HttpResponse:
    """Asks to whom, then passes the tasks on."""
    who = request.POST.getlist("who")
    owner, candidates = read_who(who)
    if owner is not None or candidates:
        return carry_out(
            ids,
            lambda id: delegate_task(
                id, owner_id=owner, candidates=candidates or None, actor=actor, cause=CAUSE
            ),
        )
    context = {
        "action": address_of("work:bulk"),
        "title": "",
        "is_series": False,
        "who": chosen_names(who),
        "errors": {},
        "bulk_ids": ",".join(str(id) for id in ids),
    }
    return render_in_dialog(request, "work/delegate_form.html", context)


def carry_out(ids: Sequence[int], act: Callable[[int], object]) -> HttpResponse:
    """Do it with each; what cannot be done is counted with the first reason, the others are done."""
    refused: list[TrassaError] = []
    for id in ids:
        try:
            act(id)
        except TrassaError as error:
            refused.append(error)
    count = len(ids) - len(refused)
    text = ngettext("%(count)s task is done with.", "%(count)s tasks are done with.", count)
    said = text % {"count": count}
    if refused:
        first = refused[0]
        why = first.errors[0].message if first.errors else first.message
        said = _("%(said)s Not %(count)s: %(why)s") % {"said": said, "count": len(refused), "why": why}
    response = HttpResponse(status=204)
    for event in ("tasks:changed", "bulk:done", "dialog:close"):
        add_event(response, event, {})
    return add_toast(response, said, tone="warn" if refused else "ok")
