"""A small API with one operation for everything that the toolkit promises."""

import threading
from types import SimpleNamespace
from typing import Annotated

from django.db import OperationalError, connection
from django.http import HttpResponse
from ninja import Query, Router, Schema

from trassa.api import ApiRequest, Caller, idempotent, json_response, mount
from trassa.kernel import Conflict, FieldError, Forbidden, Invalid, NotFound, Unavailable

router = Router()
#: Lets a test hold a request inside its operation.
entered, released = threading.Event(), threading.Event()


class Note(Schema):
    text: str
    stars: int = 0


def find_test_caller(token: str) -> Caller | None:
    """Tokens such as "reader-7": scopes by the word, the number is the token's id."""
    word, _, number = token.partition("-")
    scopes = {"reader": {"read"}, "writer": {"read", "write"}}.get(word)
    if scopes is None:
        return None
    return Caller(SimpleNamespace(pk=1), frozenset(scopes), int(number or 1))


@router.get("/me")
def me(request: ApiRequest) -> HttpResponse:
    return json_response({"person": request.auth.person_id, "key": request.auth.key})


@router.get("/pages")
def pages(request: ApiRequest, limit: Annotated[int, Query(ge=1)] = 10) -> HttpResponse:
    return json_response({"limit": limit})


@router.post("/notes", response={201: Note})
@idempotent
def create_note(request: ApiRequest, note: Note) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES ('note', %s)", [note.text])
    if note.text == "slow":
        entered.set()
        released.wait(10)
    if note.text == "wrong":
        raise Invalid("No.", errors=[FieldError("text", "wrong", "Not this text.")])
    return json_response(
        {"text": note.text, "stars": note.stars}, status=201, headers={"Location": f"/notes/{note.text}"}
    )


@router.get("/fail/{kind}")
def fail(request: ApiRequest, kind: str) -> HttpResponse:
    errors = {
        "absent": NotFound("There is no such note."),
        "forbidden": Forbidden("Not yours."),
        "conflict": Conflict("Changed.", errors=[FieldError("text", "changed_meanwhile", "Changed.")]),
        "busy": Unavailable("Later."),
        "database": OperationalError("the connection is lost"),
        "fault": ZeroDivisionError("a secret detail"),
    }
    raise errors[kind]


urlpatterns = [mount({"notes": router})]
