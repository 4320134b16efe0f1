"""Every building block on one page, for those who build screens; open in DEBUG and to administrators."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trassa.kernel import NotFound, now
from trassa.ui.rendering import render
from trassa.ui.toasts import add_toast

P = ParamSpec("P")

PEOPLE = ("Белова Анна", "Седова Полина", "Фомина Мария", "Орлов Роман", "Климов Игорь", "Сокол Наталья")
CARS: tuple[tuple[str, str, int, str, str], ...] = (
    ("BMW X5 xDrive40i, 2021", "Егоров П. · Instagram 2", 6_150_000, "bad", "ответить 4 мин"),
    ("Audi Q7 55 TFSI, 2020", "Маркова И. · Авито", 4_900_000, "", "звонок 14:30"),
    ("Porsche Cayenne, 2022", "Егоров П. · WhatsApp 3", 5_800_000, "accent", "выезд 16:00"),
    ("Range Rover Sport, 2019", "ООО «Вектор» · звонок", 5_200_000, "warn", "2 дня без движения"),
    ("Mercedes GLE 350d, 2021", "Круглов В. · сайт", 6_700_000, "warn", "у Седовой 3 ч"),
)
COLUMNS = (
    ("Новая заявка", "#8b95a3", 9, 38_400_000, (0, 1)),
    ("Диагностика", "#3b82f6", 12, 61_200_000, (2, 3)),
    ("Согласование цены", "#8b5cf6", 6, 33_100_000, (4,)),
    ("Договор", "#16a34a", 0, None, ()),
)


def _for_builders(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (settings.DEBUG or getattr(request.user, "is_administrator", False)):
            raise NotFound(_("There is no such page"))
        return view(request, *args, **kwargs)

    return guarded


def _example() -> dict[str, Any]:
    moment = now()
    return {
        "people": list(enumerate(PEOPLE, start=1)),
        "cars": [
            {"id": n, "title": title, "line": line, "price": Decimal(price), "tone": tone, "note": note}
            for n, (title, line, price, tone, note) in enumerate(CARS)
        ],
        "columns": COLUMNS,
        "moments": [moment - timedelta(days=days) for days in (0, 1, 40, 800)],
        "span": timedelta(hours=2, minutes=15),
    }


@_for_builders
def style_guide(request: HttpRequest) -> HttpResponse:
    """The page itself; `?part=` chooses what it shows."""
    part = request.GET.get("part", "blocks")
    return render(request, "ui/style_guide.html", {**_example(), "part": part, "query": request.GET})


@_for_builders
def panel(request: HttpRequest, number: int) -> HttpResponse:
    """A card in the panel, and as a page."""
    context = {**_example(), "number": number % len(CARS)}
    return render(request, "ui/style_guide_card.html", context, fragment="card")


@_for_builders
def search_answers(request: HttpRequest) -> HttpResponse:
    """Answers of the search box."""
    query = request.GET.get("q", "")
    found = [car for car in _example()["cars"] if query.lower() in car["title"].lower()]
    context = {"found": found, "query": query}
    return render(request, "ui/style_guide_answers.html", context, fragment="answers")


@_for_builders
def combobox_answers(request: HttpRequest) -> HttpResponse:
    """Answers of the comboboxes."""
    query = request.GET.get("q", "")
    found = [(n, name) for n, name in enumerate(PEOPLE, start=1) if query.lower() in name.lower()]
    context = {"found": found, "query": query}
    return render(request, "ui/style_guide_answers.html", context, fragment="people")


@require_POST
@_for_builders
def undo(request: HttpRequest) -> HttpResponse:
    """Shows a toast; asked to undo, another one."""
    response = HttpResponse(status=204)
    if "again" in request.GET:
        return add_toast(response, _("Taken back"), tone="ok")
    return add_toast(response, _("Moved to “Contract”"), undo_url=f"{request.path}?again")
