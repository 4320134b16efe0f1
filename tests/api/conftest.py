"""A client of the small API, with test tokens."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from tests.api.small_api import find_test_caller

from trassa.api import authenticators, buckets

Call = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _small_api(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.api.small_api"
    if "test tokens" not in authenticators:
        authenticators.register("test tokens", find_test_caller)
    buckets.clear()
    yield
    buckets.clear()


@pytest.fixture
def call() -> Call:
    """`call("POST", "notes", {...}, token="writer-1", **headers)`."""

    def send(
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = "writer-1",
        raw: bytes | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> HttpResponse:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return Client().generic(
            method,
            f"/api/v1/{path}",
            data,
            content_type,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    return send
