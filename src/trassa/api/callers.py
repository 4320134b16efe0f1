"""Who calls: a bearer token, or the signed-in person of a same-origin page.

Rooms register how a token's text becomes a Caller in `authenticators`. A request with an
`Authorization` header is judged by it alone; a page's session counts only without one, and then
unsafe methods need the CSRF token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from trassa.api.errors import Unauthorized
from trassa.api.rates import take_request
from trassa.kernel import Forbidden, Registry

ALL_SCOPES = frozenset({"read", "write", "admin"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request, and what the token permits on top of the person's own rights.

    `person` is the row of the room `people`; `token_id` is None for a page's session.
    """

    person: Any
    scopes: frozenset[str] = ALL_SCOPES
    token_id: int | None = None

    @property
    def person_id(self) -> int:
        return int(self.person.pk)

    @property
    def key(self) -> str:
        """Names the caller in rate limits and idempotency keys."""
        return f"token:{self.token_id}" if self.token_id is not None else f"person:{self.person_id}"

    @property
    def cause(self) -> dict[str, Any]:
        """What history says about a write that came this way."""
        return {"kind": "api"} if self.token_id is None else {"kind": "api", "token": self.token_id}

    def require(self, scope: str) -> None:
        """Raises Forbidden when the token lacks this scope."""
        if scope not in self.scopes:
            raise Forbidden(
                _("This token has no scope “%(scope)s”.") % {"scope": scope}, code="scope_missing"
            )


class ApiRequest(HttpRequest):
    """A request inside an operation of the API."""

    auth: Caller


#: Turns the text of a bearer token into its Caller; None when the token is not (or no longer) good.
Authenticator = Callable[[str], Caller | None]

authenticators: Registry[Authenticator] = Registry(
    "api.authenticators",
    description="How a bearer token is recognised: text → Caller or None, asked in order of registration.",
)


def authenticate(request: HttpRequest) -> Caller:
    """The authentication of every operation: caller, scope, rate limit. Raises what stands in the way."""
    header = request.headers.get("Authorization")
    caller = _bearer(header) if header is not None else _session(request)
    caller.require("read" if request.method in SAFE_METHODS else "write")
    take_request(request, caller.key)
    return caller


def _bearer(header: str) -> Caller:
    scheme, _space, text = header.partition(" ")
    text = text.strip()
    if scheme.lower() == "bearer" and text and text.isascii() and text.isprintable():
        for find_caller in authenticators:
            caller = find_caller(text)
            if caller is not None:
                return caller
    raise Unauthorized(_("The token is not valid. Ask your administrator for a new one."))


def _session(request: HttpRequest) -> Caller:
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        raise Unauthorized(_("Send a token in the header Authorization: Bearer …"))
    if _csrf.refuses(request):
        raise Forbidden(_("The CSRF token is missing or wrong. Reload the page."), code="csrf_failed")
    return Caller(person)


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check without its HTML page of refusal."""

    def refuses(self, request: HttpRequest) -> bool:
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        self.process_request(request)
        return self.process_view(request, _any_view, (), {}) is not None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def _any_view(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError("only asked whether it is exempt")


_csrf = _CsrfCheck(_any_view)
