"""One's own language and theme."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from trassa.people.actions.persons import change_preferences
from trassa.people.queries import person_of
from trassa.people.views.sessions import safe_next
from trassa.ui import reload_page


@require_POST
def change_language(request: HttpRequest) -> HttpResponseBase:
    """Takes `language` (ru, en) and shows the page again in it."""
    return _change(request, language=request.POST.get("language", ""))


@require_POST
def change_theme(request: HttpRequest) -> HttpResponseBase:
    """Takes `theme` (auto, light, dark) and shows the page again in it."""
    return _change(request, theme=request.POST.get("theme", ""))


def _change(
    request: HttpRequest, *, language: str | None = None, theme: str | None = None
) -> HttpResponseBase:
    person = person_of(request)
    change_preferences(person, actor_id=person.id, language=language, theme=theme)
    if request.headers.get("HX-Request") == "true":
        return reload_page()
    return HttpResponseRedirect(safe_next(request))
