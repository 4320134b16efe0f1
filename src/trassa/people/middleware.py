"""Every page requires sign-in unless it says otherwise; a person's language follows them.

Who looks as somebody else is that person for the request, and changes nothing.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from trassa.api import SAFE_METHODS, problem_of
from trassa.kernel import Forbidden
from trassa.people.models import Person
from trassa.people.queries import LOOKS_AS, looker_of, person_of, session_person
from trassa.people.registries import (
    is_open_to_everybody,
    is_open_to_onlookers,
    is_open_while_password_is_due,
)
from trassa.ui import explain

Respond = Callable[[HttpRequest], HttpResponseBase]


class Looking:
    """While an administrator looks as somebody, that person is `request.user`, and nothing can be written.

    `request.looker` is the administrator. It ends by itself when either of them may no longer sign in, or
    the administrator is none any more. A request with a token is judged by its token.
    """

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person_id = request.session.get(LOOKS_AS)
        if person_id is not None and "Authorization" not in request.headers:
            looker, person = request.user, session_person(person_id)
            if isinstance(looker, Person) and looker.is_administrator and person is not None:
                request.looker = looker  # type: ignore[attr-defined]
                request.user = person
            else:
                del request.session[LOOKS_AS]
        return self._respond(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The one place where writes are refused."""
        if looker_of(request) is None or request.method in SAFE_METHODS or is_open_to_onlookers(view):
            return None
        refusal = Forbidden(
            _("You look at the system as %(name)s and can change nothing. Go back to yourself first.")
            % {"name": person_of(request).name},
            code="looking_only",
        )
        return problem_of(refusal) if _is_api(request) else explain(request, refusal)


class BeforeViews:
    """Leaves requests alone; `process_view` may answer in the place of a view."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._respond(request)


class PasswordDue(BeforeViews):
    """Whoever must choose another password does that before anything else. Tokens go on working."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer in the view's place, or None to go on."""
        person = request.user
        if not isinstance(person, Person) or not person.must_change_password or looker_of(request):
            return None
        if "Authorization" in request.headers or is_open_while_password_is_due(view):
            return None
        if _is_api(request):
            return problem_of(Forbidden(_("Choose another password first."), code="password_due"))
        where = reverse("people:own_password")
        if request.headers.get("HX-Request") == "true":
            # A page that is there already must not load itself again and again.
            is_there = urlsplit(request.headers.get("HX-Current-URL", "")).path == where
            return HttpResponse(status=403, headers={} if is_there else {"HX-Redirect": where})
        return HttpResponseRedirect(where)


class PersonPreferences:
    """Speaks the signed-in person's language. The theme is read from `request.user.theme` by the shell."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or request.user.language
        return self._respond(request)


class RequirePerson(BeforeViews):
    """Sends everybody without a session to sign-in; the API authenticates its own requests."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Answer in the view's place, or None to go on."""
        if request.user.is_authenticated or is_open_to_everybody(view) or _is_api(request):
            return None
        if request.headers.get("HX-Request") == "true":
            page = urlsplit(request.headers.get("HX-Current-URL", ""))
            where = page._replace(scheme="", netloc="", fragment="").geturl()
            return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_url(where)})
        return HttpResponseRedirect(_sign_in_url(request.get_full_path() if request.method == "GET" else ""))


def _is_api(request: HttpRequest) -> bool:
    return request.resolver_match is not None and "api" in request.resolver_match.app_names


def _sign_in_url(where: str) -> str:
    url = reverse("people:sign_in")
    return url if where in ("", "/") else f"{url}?{urlencode({'next': where})}"
