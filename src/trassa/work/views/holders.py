"""Who may be given a task, found while typing: people, and roles and departments for several."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trassa.people.queries import list_departments, list_roles, search_people
from trassa.ui import render

#: Answers of each sort.
MOST = 8
PART = "work/holders.html"


@dataclass(frozen=True, slots=True)
class Found:
    """One answer."""

    value: str
    label: str
    hint: str
    person_id: int | None = None


@require_safe
def holders(request: HttpRequest) -> HttpResponse:
    """Answers `?q=`; with `?people` only people."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = [
        Found(f"p{each.person.id}", each.person.name, str(each.person.department or ""), each.person.id)
        for each in search_people(words, is_active=True)[:MOST]
    ]
    if "people" not in request.GET:
        roles = [(f"r{role.pk}", str(role)) for role in list_roles()]
        departments = [(f"d{each.pk}", each.name) for each in list_departments()]
        found += [Found(value, label, _("role")) for value, label in matching(roles, words)]
        found += [Found(value, label, _("department")) for value, label in matching(departments, words)]
    return render(request, PART, {"found": found, "text": words}, fragment=PART)


def matching(named: Iterable[tuple[str, str]], words: str) -> list[tuple[str, str]]:
    """Those with all the words in their names."""
    wanted = words.lower().split()
    return [each for each in named if all(word in each[1].lower() for word in wanted)][:MOST]
