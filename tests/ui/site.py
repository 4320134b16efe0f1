"""A small site around the style guide: no database, one person, and views that fail in every way."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from django.urls import include, path
from django.utils import translation

from trassa.kernel import Conflict, NotFound, Unavailable
from trassa.ui import NavGroup, NavItem, account_menu, create_menu, navigation, shell_addresses, top_items

Respond = Callable[[HttpRequest], HttpResponseBase]


class Somebody:
    """As much of a person as the shell looks at."""

    id: int = 1
    name: str = "Белова Анна"
    login: str = "belova"
    email: str = "belova@trassa.example"
    language: str = "ru"
    theme: str = "auto"
    is_authenticated: bool = True
    is_administrator: bool = True


def as_somebody(respond: Respond) -> Respond:
    """Middleware: everybody is signed in."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.user = Somebody()
        with translation.override(Somebody.language):
            return respond(request)

    return answer


def conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict("Карточку уже изменил Орлов Р.")


def unavailable(request: HttpRequest) -> HttpResponse:
    raise Unavailable("Занято")


def missing(request: HttpRequest) -> HttpResponse:
    raise NotFound("Такой сделки нет")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def stranger(request: HttpRequest) -> HttpResponse:
    """HTML that is no fragment of ours, such as an uploaded file."""
    return HttpResponse('<b id="stranger">not ours</b>')


def tickets(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"ticket": "signed", "expires_in": 300})


def events(request: HttpRequest) -> StreamingHttpResponse:
    notices = [["t1", 5, 2], ["t1", 5, 3], ["t1", 6, 1]]
    lines = [f"data: {json.dumps(notices)}\n\n"] if request.GET.get("ticket") == "signed" else []
    return StreamingHttpResponse(iter(lines), content_type="text/event-stream")


def slow(request: HttpRequest) -> HttpResponse:
    time.sleep(1)
    return HttpResponse(status=204)


urlpatterns = [
    path("", include("trassa.ui.urls")),
    path("conflict", conflict),
    path("unavailable", unavailable),
    path("missing", missing),
    path("broken", broken),
    path("stranger", stranger),
    path("slow", slow),
    path("events/ticket", tickets),
    path("events", events),
]
handler403 = "trassa.ui.forbidden"
handler404 = "trassa.ui.not_found"
handler500 = "trassa.ui.server_error"

SETTINGS = {
    "ROOT_URLCONF": __name__,
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        f"{__name__}.as_somebody",
        "trassa.ui.middleware.ErrorPages",
    ],
    "ALLOWED_HOSTS": ["*"],
}


@contextmanager
def registered() -> Iterator[None]:
    """The shell's registries hold exactly what this site needs."""
    registries = (navigation, create_menu, account_menu, shell_addresses, top_items)
    before = [dict(registry._entries) for registry in registries]
    for registry in registries:
        registry._entries.clear()
    items = [NavItem("Выкуп", "/style?part=board", active=True), NavItem("Чаты", "/style")]
    navigation.register("site", lambda request: [NavGroup("Комиссия", items)])
    create_menu.register(
        "site", lambda request: [NavItem("Сделка", "/style", "car"), NavItem("Клиент", "/style", "user")]
    )
    for key, address in {"home": "/style", "search": "/style/answers", "tickets": "/events/ticket"}.items():
        shell_addresses.register(key, lambda request, address=address: address)
    try:
        yield
    finally:
        for registry, entries in zip(registries, before, strict=True):
            registry._entries.clear()
            registry._entries.update(entries)


@contextmanager
def served() -> Iterator[str]:
    """The site on a free port of this machine; gives its address."""
    with override_settings(**SETTINGS), registered():
        thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        try:
            yield f"http://127.0.0.1:{thread.port}"
        finally:
            thread.terminate()
