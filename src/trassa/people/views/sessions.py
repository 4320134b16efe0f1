"""Signing in and out."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from trassa.people.actions.sessions import sign_in as open_session
from trassa.people.actions.sessions import sign_out as close_session
from trassa.people.errors import SignInRefused, TooManyAttempts
from trassa.people.registries import open_to_everybody, open_to_onlookers, open_while_password_is_due
from trassa.ui import render


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards: `next` when it is an address of ours, else the first page."""
    where = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        where, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return where if is_ours else "/"


@open_to_everybody
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page."""
    where = safe_next(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(where)
        return _page(request, where)
    try:
        open_session(
            request, login_name=request.POST.get("login", ""), password=request.POST.get("password", "")
        )
    except SignInRefused as refusal:
        return _page(request, where, str(refusal), status=422)
    except TooManyAttempts as refusal:
        response = _page(request, where, str(refusal), status=refusal.status)
        response["Retry-After"] = str(refusal.retry_after)
        return response
    return HttpResponseRedirect(where)


@open_to_everybody
@open_to_onlookers
@open_while_password_is_due
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session; leads to the sign-in page."""
    close_session(request)
    return HttpResponseRedirect("/")


def _page(request: HttpRequest, where: str, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "error": error,
        "login": request.POST.get("login", ""),
        "next": where,
        "password_is_set": request.GET.get("password") == "set",
    }
    return render(request, "people/sign_in.html", context, status=status)
