"""A client of the API that speaks JSON with a person's token."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.factories.team import Team


class ApiClient:
    """`api.get("records/deal", stage="new")`, `api.post("records/deal", {...}, Idempotency_Key="k")`."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def get(self, path: str, **parameters: str) -> Any:
        return Client().get(f"/api/v1/{path}", parameters, headers=self._headers({}))

    def get_with(self, path: str, **headers: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def upload(self, path: str, name: str, content: bytes, part: str = "file", **headers: str) -> Any:
        """Send one file as multipart/form-data."""
        body = {part: SimpleUploadedFile(name, content)}
        return Client().post(f"/api/v1/{path}", body, headers=self._headers(headers))

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, None, **headers)

    def send_raw(self, method: str, path: str, body: bytes, content_type: str) -> Any:
        return Client().generic(method, f"/api/v1/{path}", body, content_type, headers=self._headers({}))

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        return Client().generic(
            method, f"/api/v1/{path}", data, "application/json", headers=self._headers(headers)
        )

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})


def client_of(team: Team, who: str, *scopes: str) -> ApiClient:
    """A client with a token of one of the team."""
    return ApiClient(team.token(who, *scopes))


def errors_of(response: HttpResponse, status: int = 422) -> dict[str, str]:
    """Field → code of the errors of a problem with this status."""
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["field"]: error["code"] for error in json.loads(response.content)["errors"]}
