"""Requests that may be repeated: the header `Idempotency-Key` makes a write happen at most once.

The row is inserted first, in the transaction of the effect itself, so that either both stay or
neither. A repetition gets the stored answer (with `Idempotency-Replayed: true`); the same key with
another request is refused (422), and so is one whose first request is still running (409). A request
that failed leaves nothing behind and may be repeated. Answers are kept for a day.

SQL instead of the model: two statements a write, and the package root stays importable before the
application registry is filled.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from trassa.api.callers import ApiRequest
from trassa.api.responses import JSON
from trassa.api.uploads import MULTIPART
from trassa.kernel import Conflict, FieldError, Invalid

HEADER = "Idempotency-Key"
KEPT_HOURS = 24
MAX_LENGTH = 255

P = ParamSpec("P")
Operation = Callable[Concatenate[ApiRequest, P], HttpResponse]

_CLAIM = """
INSERT INTO api_idempotencykey (caller, key, request_hash)
SELECT %(caller)s, %(key)s, %(hash)s
 WHERE pg_try_advisory_xact_lock(hashtextextended(%(caller)s || ' ' || %(key)s, 0))
ON CONFLICT (caller, key) DO UPDATE
   SET request_hash = excluded.request_hash, status = NULL, response = NULL, location = '', created_at = now()
 WHERE api_idempotencykey.created_at < now() - make_interval(hours => %(hours)s)
RETURNING id
"""
_FIND = """
SELECT request_hash, status, response, location FROM api_idempotencykey
 WHERE caller = %(caller)s AND key = %(key)s AND created_at >= now() - make_interval(hours => %(hours)s)
"""
_KEEP = "UPDATE api_idempotencykey SET status = %s, response = %s, location = %s WHERE id = %s"
_FORGET = "DELETE FROM api_idempotencykey WHERE created_at < now() - make_interval(hours => %s)"


def idempotent(operation: Operation[P]) -> Operation[P]:
    """Decorate an operation that writes: with an `Idempotency-Key` it happens at most once."""

    @wraps(operation)
    def once(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return operation(request, *args, **kwargs)
        _check_key(key)
        with transaction.atomic():
            row_id, replay = _claim(request, key)
            if replay is not None:
                return replay
            response = operation(request, *args, **kwargs)
            _keep(row_id, response)
        return response

    return once


def forget_old_keys() -> int:
    """Delete answers older than a day; returns how many. Called by the hourly job."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_HOURS])
        return int(cursor.rowcount)


def _check_key(key: str) -> None:
    if not (0 < len(key) <= MAX_LENGTH and key.isascii() and key.isprintable()):
        message = _("Send 1 to 255 printable ASCII characters.")
        raise Invalid(message, errors=[FieldError(HEADER, "invalid", message)])


def _claim(request: ApiRequest, key: str) -> tuple[int, HttpResponse | None]:
    """The id of our new row, or the stored answer to replay."""
    values: dict[str, str | bytes | int] = {
        "caller": request.auth.key,
        "key": key,
        "hash": _digest(request),
        "hours": KEPT_HOURS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        inserted = cursor.fetchone()
        if inserted is not None:
            return int(inserted[0]), None
        cursor.execute(_FIND, values)
        found = cursor.fetchone()
    if found is None:
        raise Conflict(
            _("The first request with this key is still running. Try again in a moment."),
            code="idempotency_key_in_use",
        )
    stored_hash, status, body, location = found
    if bytes(stored_hash) != values["hash"]:
        raise Invalid(
            _("This key was used for another request. Take a new key."),
            code="idempotency_key_reused",
            errors=[FieldError(HEADER, "idempotency_key_reused", _("Take a new key."))],
        )
    headers = {"Idempotency-Replayed": "true"} | ({"Location": location} if location else {})
    response = HttpResponse(bytes(body), status=status, content_type=JSON, headers=headers)
    if not body:
        del response.headers["Content-Type"]
    return 0, response


def _digest(request: ApiRequest) -> bytes:
    """What was asked for; of an upload its parts, as the line between them is another one each time."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != MULTIPART:
        digest.update(request.body)
        return digest.digest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.digest()


def _keep(row_id: int, response: HttpResponse) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP, [response.status_code, response.content, response.headers.get("Location", ""), row_id]
        )
