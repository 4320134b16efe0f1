"""Secrets that rules name, and addresses at which they listen. Values are shown once, when they are made."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trassa.automation.actions.addresses import renew_address
from trassa.automation.actions.secrets import remove_secret, set_secret
from trassa.automation.queries import get_rule
from trassa.automation.queries.secrets import list_secrets
from trassa.kernel import Invalid
from trassa.people.queries import administrator_of
from trassa.schema.types import Label
from trassa.ui import add_toast, address_of, reload_page, render, render_in_dialog

FORM = "automation/secret_form.html"
SHOWN_ONCE = "automation/shown_once.html"


@require_safe
def secrets(request: HttpRequest) -> HttpResponse:
    """Secrets that are set or asked for, with the rules that use them."""
    administrator_of(request)
    return render(request, "automation/secrets.html", {"secrets": list_secrets()})


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The dialog for a value: of the secret `?code=`, or of a new one. A value made here is shown once."""
    actor = administrator_of(request)
    known = request.GET.get("code", "")
    code = known or request.POST.get("code", "").strip()
    value = request.POST.get("value", "").strip()
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = set_secret(code, value, actor_id=actor.id)
        except Invalid as refusal:
            errors = refusal.by_field
        else:
            return (
                reload_page()
                if value
                else show_once(
                    request,
                    _("Secret “%s”") % code,
                    made,
                    _("Give it to the other system. It is not shown again."),
                    address_of("automation:secrets"),
                )
            )
    context = {"known": known, "code": code, "errors": errors}
    return render_in_dialog(request, FORM, context, status=422 if errors else 200)


@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Forgets a secret, unless rules use it."""
    actor = administrator_of(request)
    try:
        remove_secret(code, actor_id=actor.id)
    except Invalid as refusal:
        return add_toast(HttpResponse(status=204), str(refusal), tone="bad")
    return reload_page()


@require_POST
def address(request: HttpRequest, type: str, code: str) -> HttpResponse:
    """Makes the address of a rule, or another one in its place; shown once."""
    actor = administrator_of(request)
    token = renew_address(code, actor_id=actor.id)
    return show_once(
        request,
        _("Address of “%s”") % Label(**get_rule(code).label),
        request.build_absolute_uri(f"/api/v1/hooks/{token}"),
        _("Other systems send JSON here. It is not shown again: whoever has it can set the rule off."),
        address_of("automation:rule", type, code),
    )


def show_once(request: HttpRequest, title: str, value: str, note: str, back: str) -> HttpResponse:
    """A dialog with something that is not kept in clear."""
    context = {"title": title, "value": value, "note": note, "back": back}
    response = render_in_dialog(request, SHOWN_ONCE, context)
    response["Cache-Control"] = "no-store"
    return response
