"""Whom an operation acts for, and what history says of it."""

from typing import Any

from trassa.access.queries import Actor, actor_of
from trassa.api import ApiRequest


def find_actor(request: ApiRequest) -> Actor:
    """The person behind the request with their rights."""
    return actor_of(request.auth.person)


def find_cause(request: ApiRequest) -> dict[str, Any]:
    """What history says about a write that came this way."""
    token_id = request.auth.token_id
    return {"kind": "api"} if token_id is None else {"kind": "api", "token": token_id}
