"""What waits for its moment, and what failed. For administrators."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from trassa.automation.actions import retry_timer
from trassa.automation.queries import find_late, list_failed, list_waiting
from trassa.automation.registries import timer_labels
from trassa.people.queries import administrator_of
from trassa.ui import reload_page, render

_SHOWN = 100


@require_safe
def timers(request: HttpRequest) -> HttpResponse:
    """Counts by purpose, and the timers that failed."""
    administrator_of(request)
    context = {
        "waiting": list_waiting(),
        "failed": list_failed(_SHOWN),
        "late": find_late(_SHOWN),
        "labels": dict(timer_labels.items()),
    }
    return render(request, "automation/timers.html", context)


@require_POST
def retry(request: HttpRequest, id: int) -> HttpResponse:
    """Tries a timer again at once."""
    retry_timer(id, actor_id=administrator_of(request).id)
    return reload_page()
