"""Exports: asked for from a list, found again on a page of their own."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import TrassaError
from trassa.records.actions.exports import ask_export, cancel_export
from trassa.records.queries.exports import all_columns, get_export, list_exports
from trassa.records.queries.known import get_type
from trassa.records.screens.addresses import Address
from trassa.records.screens.columns import list_columns
from trassa.records.screens.exports import make_line
from trassa.records.views.answers import refusal
from trassa.ui import is_fragment_request, render


@require_POST
def ask(request: HttpRequest, type: str) -> HttpResponse:
    """Begin an export of the list that the address describes, then show it among the person's exports."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    asked = request.POST.copy()
    every = asked.pop("columns", [""])[-1] == "all"
    format = str(asked.pop("format", ["xlsx"])[-1])
    asked.pop("csrfmiddlewaretoken", None)
    address = Address.of(reverse("records:list", args=[spec.code]), asked)
    query, every_column = address.query(actor, spec), all_columns(actor, spec)
    shown = [each.code for each in list_columns(actor, spec, address) if each.code in every_column]
    try:
        ask_export(spec, query, every_column if every else shown, format, actor=actor)
    except TrassaError as error:
        if is_fragment_request(request):
            return refusal(error)
        raise
    return HttpResponseRedirect(reverse("records:exports"))


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """The person's exports, newest first."""
    actor = actor_of_request(request)
    lines = [make_line(each) for each in list_exports(actor)]
    return render(request, "records/exports.html", {"lines": lines}, fragment="records/exports_list.html")


@require_safe
def export(request: HttpRequest, id: int) -> HttpResponse:
    """One export, asked for again and again while it runs."""
    line = make_line(get_export(actor_of_request(request), id))
    return render(request, "records/export_line.html", {"line": line}, fragment="records/export_line.html")


@require_POST
def cancel(request: HttpRequest, id: int) -> HttpResponse:
    """Stop an export."""
    actor = actor_of_request(request)
    cancel_export(get_export(actor, id))
    context = {"line": make_line(get_export(actor, id))}
    return render(request, "records/export_line.html", context, fragment="records/export_line.html")
