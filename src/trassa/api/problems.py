"""Every failure as `application/problem+json` (RFC 9457): {type, title, status, detail, code, errors}.

`code` is stable and made for programs, `detail` is for people and says what to do, `errors` names
the fields at fault. What nobody expected becomes a 500 without details; its `instance` is in the log.
"""

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from trassa.api.errors import MalformedRequest, TooLarge, TooManyRequests, Unauthorized
from trassa.api.responses import dump_json
from trassa.kernel import FieldError, Invalid, NotFound, TrassaError, Unavailable

CONTENT_TYPE = "application/problem+json"
#: Seconds after which a client may try again what failed because something was busy.
BUSY_RETRY_SECONDS = 2
logger = logging.getLogger(__name__)

#: What pydantic calls a fault → the code we promise.
_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "too_short": "too_short",
    "string_too_short": "too_short",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    instance: str = "",
) -> HttpResponse:
    """The problem document for these facts."""
    body = _problem_body(status, code, detail, errors)
    if instance:
        body["instance"] = instance
    return HttpResponse(dump_json(body), status=status, content_type=CONTENT_TYPE, headers=headers)


def problem_json(error: TrassaError) -> dict[str, Any]:
    """The problem document of an expected error as data, for answers that hold several."""
    return _problem_body(error.status, error.code, str(error.message), error.errors)


def _problem_body(status: int, code: str, detail: str, errors: Iterable[FieldError]) -> dict[str, Any]:
    return {
        "type": f"urn:trassa:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [field_error_json(error) for error in errors],
    }


def field_error_json(error: FieldError) -> dict[str, str]:
    """One member of `errors`."""
    return {"field": error.field, "code": error.code, "message": str(error.message)}


def problem_of(error: TrassaError) -> HttpResponse:
    """The problem document of an expected error."""
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.wait_seconds)
    elif isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = 'Bearer realm="Trassa"'
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
    return problem(error.status, error.code, str(error.message), errors=error.errors, headers=headers)


def not_found() -> HttpResponse:
    """The one answer for absent addresses, absent records and invisible ones."""
    return problem_of(NotFound(_("There is nothing at this address.")))


def install_problem_handlers(api: NinjaAPI) -> None:
    """Make every exception inside an operation a problem."""
    api.add_exception_handler(TrassaError, lambda request, error: problem_of(_expected(error)))
    api.add_exception_handler(ValidationError, lambda request, error: problem_of(_invalid(error)))
    api.add_exception_handler(HttpError, lambda request, error: _http_problem(error))
    api.add_exception_handler(Http404, lambda request, error: not_found())
    api.add_exception_handler(RequestDataTooBig, lambda request, error: _too_large())
    for unreadable in (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        api.add_exception_handler(unreadable, lambda request, error: _malformed())
    api.add_exception_handler(OperationalError, _busy)
    api.add_exception_handler(InterfaceError, _busy)
    api.add_exception_handler(Exception, _unexpected)


def _expected(error: TrassaError | type[TrassaError]) -> TrassaError:
    return error if isinstance(error, TrassaError) else error("")


def _too_large() -> HttpResponse:
    return problem_of(TooLarge(_("The body is too large. Send it in several requests.")))


def _malformed() -> HttpResponse:
    return problem_of(MalformedRequest(_("The body is not readable as multipart/form-data.")))


def _http_problem(error: HttpError | type[HttpError]) -> HttpResponse:
    """Ninja wraps what a parser raises; the cause knows better."""
    cause = getattr(error, "__cause__", None)
    if isinstance(cause, TrassaError):
        return problem_of(cause)
    status = getattr(error, "status_code", 400)
    return problem(status, HTTPStatus(status).name.lower(), str(error))


def _invalid(error: ValidationError | type[ValidationError]) -> Invalid:
    found: Sequence[Mapping[str, Any]] = getattr(error, "errors", ())
    return Invalid(
        _("The request does not fit the description of the API."),
        errors=[
            FieldError(_field_at_fault(fault["loc"]), _CODES.get(fault["type"], "invalid"), fault["msg"])
            for fault in found
        ],
    )


def _field_at_fault(place: Sequence[str | int]) -> str:
    """("body", "payload", "fields", "price") → "fields.price", ("query", "limit") → "limit"."""
    parameter = 2 if place[:1] == ("body",) else 1
    return ".".join(str(part) for part in place[parameter:])


def _busy(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    logger.warning("%s %s: the database is busy or away: %s", request.method, request.path, error)
    return problem_of(Unavailable(_("The server is busy. Try again in a moment.")))


def _unexpected(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    reference = uuid.uuid4()
    logger.error("%s %s failed, reference %s", request.method, request.path, reference, exc_info=True)
    return problem(
        500,
        "internal_error",
        _("Something went wrong on our side. Tell your administrator the reference."),
        instance=f"urn:uuid:{reference}",
    )
