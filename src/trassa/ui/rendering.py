"""Pages and fragments: one view answers both.

A request by htmx that wants a part of the page gets the fragment alone, marked by the header
`Trassa-Fragment` ("dialog" for what belongs into one); everybody else, and a page restored from history, gets
the whole page in the shell. Whoever opens the address of a dialog itself is led to the page below it, where a
module opens it.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import is_valid_path
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


def render_in_dialog(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    page: str = "",
    below: str = "",
) -> HttpResponse:
    """Answer with what stands in the dialog of a page.

    A shared link and F5 get `page`, a template that shows the same as a page. Without one they lead to a page
    with the dialog open on it: to `below`, or else to the nearest address above that ends with a slash.
    """
    is_direct = not is_fragment_request(request)
    if is_direct and not page and request.method != "POST":
        # Browsers keep what stands behind the # when a page leads on to another.
        dialog = quote(request.get_full_path())
        leads_on = HttpResponseRedirect(f"{below or page_above(request.path)}#dialog={dialog}")
        patch_vary_headers(leads_on, ("HX-Request",))
        return leads_on
    response = render(request, page or template, context, fragment=template, status=status)
    if not is_direct:
        response[FRAGMENT_HEADER] = "dialog"
    return response


def page_above(path: str) -> str:
    """The page that an address stands under: "/tasks/5/" for "/tasks/5/edit"."""
    path = path.rstrip("/").rpartition("/")[0] + "/"
    while path != "/" and not is_valid_path(path):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


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
