"""Those who are measured: a person in a browser, and a program with a token. One connection each."""

import json
import re
import time
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode


class Visitor:
    """Somebody with a keep-alive connection who remembers cookies."""

    def __init__(self, port: int, *, token: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = token

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        """Send one request and read its answer whole."""
        sent = dict(headers or {})
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self._cookies[name] = value
        return response, content

    def sign_in(self, login: str, password: str) -> None:
        """Fill in the sign-in page as a person does."""
        _response, page = self.request("GET", "/sign-in")
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, "the sign-in page has no form"
        form = {"login": login, "password": password, "csrfmiddlewaretoken": found[1].decode(), "next": "/"}
        response, content = self.request(
            "POST",
            "/sign-in",
            urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert response.status == 302, (response.status, content[:500])

    def time_page(self, path: str, headers: dict[str, str] | None = None) -> float:
        """Milliseconds that one page takes; anything but 200 is a failure."""
        started = time.perf_counter()
        response, content = self.request("GET", path, headers=headers)
        took = (time.perf_counter() - started) * 1000
        assert response.status == 200, (path, response.status, content[:500])
        return took

    def call(self, method: str, path: str, payload: Any = None) -> Any:
        """Call the API and give what it answers."""
        body = None if payload is None else json.dumps(payload).encode()
        response, content = self.request(method, path, body, {"Content-Type": "application/json"})
        assert response.status < 300, (method, path, response.status, content[:1000])
        return json.loads(content) if content else None
