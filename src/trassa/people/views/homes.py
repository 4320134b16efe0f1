"""The home page of a person, and how they arrange it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from trassa.people.actions.places import arrange_own_home
from trassa.people.queries import person_of
from trassa.people.screens.homes import home_to_arrange, list_blocks, read_rows
from trassa.ui import reload_page, render, render_in_dialog


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The blocks of everybody's day; each fetches what stands in it."""
    return render(request, "people/home.html", {"blocks": list_blocks(request, person_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest) -> HttpResponse:
    """The dialog in which blocks are moved and put away."""
    person = person_of(request)
    if request.method == "POST":
        shown, hidden = read_rows(request.POST, "block")
        arrange_own_home(person, actor_id=person.id, shown=shown, hidden=hidden)
        return reload_page()
    home = home_to_arrange(request, person)
    return render_in_dialog(request, "people/home_arrange.html", {"home": home})
