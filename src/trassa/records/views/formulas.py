"""What a formula of a card is worked out from."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from trassa.access.queries import actor_of_request
from trassa.kernel import NotFound
from trassa.people.registries import open_to_onlookers
from trassa.records.queries import get_record
from trassa.records.queries.known import get_type
from trassa.records.queries.names import names_for
from trassa.records.screens.cells import CellMaker
from trassa.records.screens.formulas import make_formula
from trassa.records.views.subjects import get_field
from trassa.schema.queries import current_generation
from trassa.ui import render_in_dialog


@open_to_onlookers
@require_safe
def formula(request: HttpRequest, type: str, id: int, code: str) -> HttpResponse:
    """How the value of a field came about, step by step."""
    actor = actor_of_request(request)
    spec = get_type(actor, type)
    field = get_field(actor, spec, code)
    if field.formula is None:
        raise NotFound(_("There is no such field."))
    record = get_record(actor, spec, id)
    cells = CellMaker(current_generation(), names_for(actor, [record], [field]))
    cell = cells.of_field(field)(record.values.get(field.code))
    context = {"it": make_formula(actor, spec, record, field, cell)}
    return render_in_dialog(request, "records/formula.html", context)
