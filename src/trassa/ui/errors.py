"""What people see when something goes wrong: a page in the shell, or a toast over the page they are on.

`config.urls` names these functions as Django's handlers; `ui.middleware.ErrorPages` uses `explain` for
the errors that rooms raise.
"""

import logging
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trassa.kernel import TrassaError
from trassa.ui.rendering import is_fragment_request, render
from trassa.ui.shell import Shell
from trassa.ui.toasts import add_toast

log = logging.getLogger(__name__)


class Words(NamedTuple):
    title: str | Promise
    advice: str | Promise


WORDS = {
    403: Words(
        _("This is not open to you"),
        _("If you need it for your work, ask an administrator for the right."),
    ),
    404: Words(
        _("There is no such page"),
        _("It may have been moved or deleted, or it is not open to you. Check the address or search for it."),
    ),
    409: Words(_("Somebody was faster"), _("Look at the new state and repeat what you wanted to do.")),
    422: Words(_("This cannot be done as asked"), _("Go back, correct the input and try again.")),
    500: Words(
        _("Something broke on our side"),
        _("This step saved nothing. Try again; if it happens again, tell an administrator."),
    ),
    503: Words(_("Busy at the moment"), _("Wait a few seconds and try again.")),
}


def explain(request: HttpRequest, error: TrassaError) -> HttpResponse:
    """The answer to an expected error raised in a page view."""
    return _answer(request, error.status, str(error.message))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return _answer(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return _answer(request, 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; Django has logged the error. The page asks nothing of the database."""
    return _answer(request, 500)


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: the page was open too long, or cookies are off."""
    return _answer(
        request,
        403,
        title=_("The page is out of date"),
        text=_("Reload it and repeat the last step. If that does not help, allow cookies for this site."),
    )


def _answer(
    request: HttpRequest, status: int, text: str | Promise = "", *, title: str | Promise = ""
) -> HttpResponse:
    words = WORDS.get(status) or WORDS[500 if status >= 500 else 422]
    if is_fragment_request(request):
        response = HttpResponse(status=status, headers={"HX-Reswap": "none"})
        return add_toast(response, text or f"{title or words.title}. {words.advice}", tone="bad")
    context = {"status": status, "title": title or words.title, "text": text or words.advice}
    if status < 500 and Shell(request).is_signed_in:
        try:
            return render(request, "ui/error.html", context, status=status)
        except Exception:
            log.exception("the shell could not be shown around an error page")
    return render(request, "ui/error_bare.html", context, status=status)
