"""What helps to write expressions: completion while typing, and a page to try them on a record."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from trassa.access.queries import Actor, actor_of_request
from trassa.expressions import (
    ExpressionRefused,
    Kind,
    Node,
    NotInSql,
    Printer,
    explain,
    is_volatile,
    read,
    write,
)
from trassa.kernel import NotFound
from trassa.people.registries import open_to_onlookers
from trassa.records.queries import get_record, reader_scope, reader_style, titles_in, visible_titles
from trassa.records.queries.expressions import read_values, where_condition
from trassa.records.queries.known import get_type, list_types
from trassa.records.screens.completions import complete
from trassa.records.screens.explanations import make_step
from trassa.schema.types import TypeSpec
from trassa.ui import read_id, render

MAX_TEXT = 5000


@open_to_onlookers
@require_POST
def completions(request: HttpRequest, type: str) -> HttpResponse:
    """Options for the text box of an expression: what may stand at `caret` of `text`."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    text, caret = request.POST.get("text", "")[:MAX_TEXT], request.POST.get("caret", "")
    found = complete(actor, spec, text, int(caret) if caret.isdecimal() else len(text))
    part = "records/completions.html"
    return render(request, part, {"completion": found}, fragment=part)


@require_safe
def playground(request: HttpRequest) -> HttpResponse:
    """A page to try expressions: `?type=deal&text=…&record=7`."""
    actor = actor_of_request(request)
    known = list_types(actor)
    named = get_type(actor, request.GET["type"]) if "type" in request.GET else None
    if not known:
        return render(request, "records/playground.html", {"types": []})
    spec = named or known[0]
    context = {
        "types": [(each.code, str(each.label)) for each in known],
        "type": spec.code,
        "type_label": str(spec.label),
        "text": request.GET.get("text", "")[:MAX_TEXT],
        "record": chosen_record(actor, spec, request.GET),
        "options_url": reverse("records:options", args=[spec.code]),
        **result_of(actor, spec, request.GET),
    }
    return render(request, "records/playground.html", context)


def chosen_record(actor: Actor, spec: TypeSpec, asked: QueryDict) -> tuple[str, str]:
    """Id and title of the record that an expression is tried on; empty when none is chosen."""
    id = read_id(asked.get("record", ""))
    titles = titles_in(visible_titles(actor, {spec.id: {id}})) if id is not None else {}
    return next(((str(key), title) for key, title in titles.items()), ("", ""))


@open_to_onlookers
@require_POST
def result(request: HttpRequest) -> HttpResponse:
    """What an expression is and, for a record, what comes out; asked while somebody types."""
    actor = actor_of_request(request)
    spec = get_type(actor, request.POST.get("type", ""))
    context = result_of(actor, spec, request.POST)
    part = "records/playground_result.html"
    return render(request, part, context, fragment=part)


def result_of(actor: Actor, spec: TypeSpec, asked: QueryDict) -> dict[str, Any]:
    """What the page says about a text; a faulty one is underlined in its box, so nothing is said here."""
    text, scope = asked.get("text", "")[:MAX_TEXT], reader_scope(actor)
    nothing = {"node": None, "steps": None, "hint": _("Write an expression: its value appears here.")}
    if not text.strip():
        return nothing
    try:
        node = read(text, scope, spec.id)
    except ExpressionRefused:
        return {**nothing, "hint": ""}
    return {
        "node": node,
        "spellings": [write(node, scope, spec.id, style) for style in ("ru", "en", "codes")],
        "is_volatile": is_volatile(node, scope, spec.id),
        "filter_url": filter_url(actor, spec, node),
        "steps": steps_of(actor, spec, node, asked.get("record", "")),
        "hint": _("Choose a record to see the value."),
    }


def filter_url(actor: Actor, spec: TypeSpec, node: Node) -> str:
    """The list of the records that meet a condition; "" for what no list can be limited by."""
    if node.kind is not Kind.BOOLEAN:
        return ""
    try:
        where_condition(actor, spec, node)
    except NotInSql:
        return ""
    query = QueryDict(mutable=True)
    query["where"] = write(node, reader_scope(actor), spec.id, reader_style())
    return f"{reverse('records:list', args=[spec.code])}?{query.urlencode()}"


def steps_of(actor: Actor, spec: TypeSpec, node: Node, id: str) -> Any:
    """The value for a record with its steps; None without a record."""
    record_id = read_id(id)
    if record_id is None:
        return None
    try:
        record = get_record(actor, spec, record_id)
    except NotFound:
        return None
    values = read_values(actor, spec, record.id, node)
    printer = Printer(reader_scope(actor), spec.id, reader_style())
    return make_step(actor, explain(node, values, printer, reader_id=actor.id))
