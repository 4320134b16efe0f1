"""The OpenAPI 3.1 document: what ninja knows of the operations, plus what holds for all of them.

Problems, rate-limit headers, the idempotency key and the two ways of signing in are described once
here, in components, so that a room describes only its own parameters, bodies and answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from trassa.api.callers import SAFE_METHODS
from trassa.api.problems import CONTENT_TYPE

Json = dict[str, Any]

_EVERYWHERE = ("401", "403", "422", "429", "500", "503")
_WITH_PATH = ("404",)
_UNSAFE = ("409",)
#: A body may name what is absent, as an address does.
_WITH_BODY = ("400", "404", "413", "415")

#: Status → (name of the component, meaning, example of code and detail).
_PROBLEMS: Mapping[str, tuple[str, str, str, str]] = {
    "400": (
        "MalformedRequest",
        "The body is not readable.",
        "malformed_request",
        "The body is not valid JSON.",
    ),
    "401": (
        "Unauthorized",
        "The token is missing, unknown, expired or revoked.",
        "unauthorized",
        "The token is not valid.",
    ),
    "403": (
        "Forbidden",
        "The token's scope or the person's rights do not permit it.",
        "scope_missing",
        "This token has no scope “write”.",
    ),
    "404": (
        "NotFound",
        "Absent, or invisible to this person: nobody can tell which.",
        "not_found",
        "There is nothing at this address.",
    ),
    "409": (
        "Conflict",
        "Somebody changed the same thing first (`errors` names the fields, yours first, each with who changed"
        " it, when and what it is now), or the first request with this Idempotency-Key is still running.",
        "conflict",
        "The record was changed meanwhile.",
    ),
    "413": ("TooLarge", "The body is too large.", "too_large", "Send it in several requests."),
    "415": (
        "UnsupportedMediaType",
        "The body is not JSON.",
        "unsupported_media_type",
        "Send application/json.",
    ),
    "422": ("Invalid", "The input breaks a rule; `errors` names the fields.", "invalid", "Check the fields."),
    "429": ("TooManyRequests", "The rate limit is used up.", "too_many_requests", "Wait a moment."),
    "500": ("InternalError", "A fault on our side, in the log under `instance`.", "internal_error", "Sorry."),
    "503": ("Unavailable", "The server is busy; try again.", "unavailable", "Try again in a moment."),
}

_FIELD_ERROR: Json = {
    "type": "object",
    "required": ["field", "code", "message"],
    "additionalProperties": False,
    "properties": {
        "field": {
            "type": "string",
            "description": "Code of a field or parameter; empty for the whole.",
        },
        "code": {"type": "string", "description": "Stable, for programs."},
        "message": {"type": "string", "description": "For people."},
    },
}
_PROBLEM: Json = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "For people: what is wrong and what to do."},
        "code": {"type": "string", "description": "Stable, for programs."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "instance": {"type": "string", "format": "uri", "description": "Reference of a fault in our log."},
    },
}
_QUOTA_HEADERS: Json = {
    "RateLimit-Limit": {
        "description": "Requests a minute for this token.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit-Remaining": {
        "description": "Requests left now.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Reset": {
        "description": "Seconds until the whole limit is there again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "integer", "minimum": 1},
    },
}
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes the request safe to repeat for 24 hours: a repetition with the same key gets the"
    " first answer with the header `Idempotency-Replayed: true`. Another request with this key is refused"
    " with 422 `idempotency_key_reused`, one at the same time with 409 `idempotency_key_in_use`.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "5f0c6d1e-import-000123",
}
_SECURITY_SCHEMES: Json = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Made by `trassa token create LOGIN`. Scopes: read, write, admin.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "trassa_session",
        "description": "The signed-in person of a same-origin page; unsafe methods need `X-CSRFToken`.",
    },
}


def build_document(api: NinjaAPI, *, prefix: str) -> Json:
    """The whole document of this API, ready to be written as JSON."""
    document = OpenAPISchema(api, prefix)
    components: Json = document["components"]
    components["schemas"] |= {"Problem": _PROBLEM, "FieldError": _FIELD_ERROR}
    components["responses"] = {name: _problem_response(status) for status, (name, *_) in _PROBLEMS.items()}
    components["headers"] = _QUOTA_HEADERS
    components["parameters"] = {"IdempotencyKey": _IDEMPOTENCY_KEY}
    components["securitySchemes"] = _SECURITY_SCHEMES
    document["security"] = [{"token": []}, {"session": []}]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method.upper(), has_path="{" in path)
    return dict(document)


def _complete(operation: Json, method: str, *, has_path: bool) -> None:
    """Add the answers and parameters that this kind of operation shares with all others."""
    statuses = list(_EVERYWHERE)
    if has_path:
        statuses += _WITH_PATH
    if method not in SAFE_METHODS:
        statuses += _UNSAFE
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    if "requestBody" in operation:
        statuses += _WITH_BODY
    own = {str(status): answer for status, answer in operation["responses"].items()}
    for answer in own.values():
        answer.setdefault("headers", {}).update(_header_references(_QUOTA_HEADERS, leave_out="Retry-After"))
    shared = {s: {"$ref": f"#/components/responses/{_PROBLEMS[s][0]}"} for s in statuses if s not in own}
    operation["responses"] = dict(sorted((own | shared).items()))


def _problem_response(status: str) -> Json:
    _name, meaning, code, detail = _PROBLEMS[status]
    example = {
        "type": f"urn:trassa:problem:{code}",
        "title": _name,
        "status": int(status),
        "detail": detail,
        "code": code,
        "errors": [],
    }
    headers = _header_references(_QUOTA_HEADERS, leave_out="" if status in {"429", "503"} else "Retry-After")
    return {
        "description": meaning,
        "headers": headers,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


def _header_references(names: Iterable[str], *, leave_out: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names if name != leave_out}
