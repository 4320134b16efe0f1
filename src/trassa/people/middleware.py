"""Every page requires sign-in unless it says otherwise; a person's language follows them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

from trassa.people.registries import is_open_to_everybody

Respond = Callable[[HttpRequest], HttpResponseBase]


class PersonPreferences:
    """Speaks the signed-in person's language. The theme is read from `request.user.theme` by the shell."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or request.user.language
        return self._respond(request)


class RequirePerson:
    """Sends everybody without a session to sign-in; the API authenticates its own requests."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._respond(request)

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
