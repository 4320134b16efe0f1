"""JSON in and out. Answers are prepared by the room that knows them and written once, by orjson.

Operations return `json_response(...)`: it skips the validation of what we made ourselves, while the
response schema still stands in the OpenAPI document, and the tests hold the two together.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from trassa.api.errors import MalformedRequest, UnsupportedMediaType

JSON = "application/json"
#: Escapes that may hide characters PostgreSQL cannot store: NUL and halves of a surrogate pair.
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def dump_json(data: Any) -> bytes:
    """UTF-8 JSON; decimals and lazy texts become strings, times ISO 8601."""
    return orjson.dumps(data, default=_as_text, option=orjson.OPT_UTC_Z)


def json_response(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer whose shape the caller vouches for."""
    return HttpResponse(dump_json(data), status=status, content_type=JSON, headers=headers)


def _as_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class JsonRenderer(BaseRenderer):
    """What ninja uses for operations that return plain data."""

    media_type = JSON

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return dump_json(data)


class JsonParser(Parser):
    """Reads bodies strictly: declared as JSON, valid UTF-8, exact decimals, no NaN, no unstorable text."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != JSON:
            raise UnsupportedMediaType(_("Send the body as application/json."))
        try:
            text = request.body.decode()
            data = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
            if _SUSPICIOUS.search(request.body):
                _refuse_unstorable(data)
        except (ValueError, RecursionError) as problem:
            raise MalformedRequest(
                _("The body is not valid JSON: %(problem)s") % {"problem": problem}
            ) from problem
        return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _refuse_unstorable(data: Any) -> None:
    pending = [data]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.keys())
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str):
            refuse_unstorable_text(value)


def refuse_unstorable_text(text: str) -> None:
    """Raises ValueError for text PostgreSQL cannot hold: NUL characters, lone surrogates."""
    if "\0" in text:
        raise ValueError("text may not contain the NUL character")
    text.encode()
