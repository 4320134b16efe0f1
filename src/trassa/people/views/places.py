"""The place of a role: first page, menu and home page. For administrators."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trassa.kernel import Invalid
from trassa.people.actions import save_place
from trassa.people.queries import administrator_of, get_role, list_holders, place_of_role
from trassa.people.screens.homes import home_of_role, read_home
from trassa.people.screens.places import menu_rows, place_choices, read_place
from trassa.ui import add_toast, render

EDITOR = "people/place_editor.html"


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, code: str) -> HttpResponse:
    """The editor; a POST saves what it says."""
    actor = administrator_of(request)
    role = get_role(code)
    spec, error = place_of_role(role.id), ""
    if request.method == "POST":
        spec = replace(read_place(request.POST), home=read_home(request))
        try:
            save_place(role, spec, actor_id=actor.id)
        except Invalid as refusal:
            error = str(refusal)
    choices = place_choices(request)
    context = {
        "role": role,
        "place": spec,
        "rows": menu_rows(spec, choices),
        "home": home_of_role(request, spec),
        "starts": [(each.key, each.whole) for each in choices],
        "holders": [each for each in list_holders(role.id) if each.id != actor.id],
        "error": error,
    }
    status = 422 if error else 200
    response = render(
        request, "people/place.html", context, fragment="people/place_editor.html", status=status
    )
    if request.method == "POST" and not error:
        add_toast(response, _("Saved. People with this role see it with their next page."), tone="ok")
    return response
