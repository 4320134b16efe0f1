"""Expected errors of page views become pages or toasts. Unexpected ones stay Django's: logged, then 500."""

import logging
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from trassa.kernel import TrassaError
from trassa.ui.errors import explain

log = logging.getLogger(__name__)


class ErrorPages:
    """Stands anywhere after the session; the API answers its own errors before they come here."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._respond(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A page for a TrassaError; None for anything else."""
        if not isinstance(exception, TrassaError):
            return None
        if exception.status >= 500:
            log.error("%s %s: %s", request.method, request.path, exception, exc_info=exception)
        return explain(request, exception)
