"""Secrets of web hooks: set, replaced, removed, never read; and addresses at which rules listen."""

from datetime import datetime

from django.http import HttpResponse
from ninja import Router, Schema

from trassa.api import ApiRequest, json_response
from trassa.automation.actions.addresses import renew_address
from trassa.automation.actions.secrets import remove_secret, set_secret
from trassa.automation.queries.secrets import list_secrets
from trassa.people.queries import require_administrator

router = Router()


class SecretOut(Schema):
    """A secret that is set, or that rules ask for. `rules` are the codes of those that use it."""

    code: str
    is_set: bool
    set_at: datetime | None
    rules: list[str]


class SecretList(Schema):
    """Secrets by code."""

    items: list[SecretOut]


class SecretIn(Schema):
    """The value; without one it is made."""

    value: str = ""


class MadeOut(Schema):
    """What was made; it is not shown again. None when the value came with the request."""

    value: str | None


class AddressOut(Schema):
    """Where other systems send to; it is not shown again."""

    address: str


@router.get("/secrets", response=SecretList)
def get_secrets(request: ApiRequest) -> HttpResponse:
    """Which secrets there are, without their values. Administrators only."""
    require_admin(request)
    items = [
        {
            "code": each.code,
            "is_set": each.set_at is not None,
            "set_at": each.set_at,
            "rules": [user.code for user in each.users],
        }
        for each in list_secrets()
    ]
    return json_response({"items": items})


@router.put("/secrets/{code}", response=MadeOut)
def put_secret(request: ApiRequest, code: str, body: SecretIn) -> HttpResponse:
    """Set or replace a secret. Administrators only."""
    require_admin(request)
    made = set_secret(code, body.value, actor_id=request.auth.person_id)
    return json_response({"value": None if body.value else made})


@router.delete("/secrets/{code}", response={204: None})
def delete_secret(request: ApiRequest, code: str) -> HttpResponse:
    """Forget a secret that no rule uses. Administrators only."""
    require_admin(request)
    remove_secret(code, actor_id=request.auth.person_id)
    return HttpResponse(status=204)


@router.post("/rules/{rule}/address", response=AddressOut)
def post_address(request: ApiRequest, rule: str) -> HttpResponse:
    """Give a rule an address to listen at; the former one ends. Administrators only."""
    require_admin(request)
    token = renew_address(rule, actor_id=request.auth.person_id)
    return json_response({"address": request.build_absolute_uri(f"/api/v1/hooks/{token}")})


def require_admin(request: ApiRequest) -> None:
    """Raises Forbidden unless an administrator asks, by a token for administration."""
    require_administrator(request.auth.person_id)
    request.auth.require("admin")
