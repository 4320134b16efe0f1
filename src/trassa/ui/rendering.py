"""Pages and fragments: one view answers both.

A request by htmx that wants a part of the page gets the fragment alone, marked by the header
`Trassa-Fragment`; everybody else, and a page restored from history, gets the whole page in the shell.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.cache import patch_vary_headers
from jinja2 import Environment
from markupsafe import Markup

from trassa.ui.shell import Shell

FRAGMENT_HEADER = "Trassa-Fragment"


def is_fragment_request(request: HttpRequest) -> bool:
    """Whether htmx asks for a part: not a boosted page, not a page restored by Back."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with a Jinja2 template.

    `fragment` names what htmx gets instead of the page: a block of `template`, or another template when
    it ends with ".html". Without it htmx gets the page as well.
    """
    values = {
        **(context or {}),
        "request": request,
        "shell": Shell(request),
        "csrf_token": _Token(request),
        "is_fragment": False,
    }
    if fragment is None or not is_fragment_request(request):
        response = HttpResponse(_environment().get_template(template).render(values), status=status)
    else:
        response = HttpResponse(_part(template, fragment, {**values, "is_fragment": True}), status=status)
        response[FRAGMENT_HEADER] = "1"
        response["Cache-Control"] = "no-store"
    if fragment is not None:
        patch_vary_headers(response, ("HX-Request",))
    return response


def macro(template: str, name: str) -> Callable[..., Markup]:
    """A macro of a template that needs nothing of the page, for markup made outside of templates."""
    found: Callable[..., Markup] = getattr(_environment().get_template(template).module, name)
    return found


def reload_page() -> HttpResponse:
    """Has htmx load the page anew, where a change shows in many places."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _environment() -> Environment:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    environment: Environment = engine.env
    return environment


def _part(template: str, fragment: str, values: dict[str, Any]) -> str:
    environment = _environment()
    if fragment.endswith(".html"):
        return environment.get_template(fragment).render(values)
    source = environment.get_template(template)
    block = source.blocks[fragment]
    return environment.concat(block(source.new_context(values)))


class _Token:
    """The CSRF token, made only when the page uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __str__(self) -> str:
        return get_token(self._request)

    __html__ = __str__
