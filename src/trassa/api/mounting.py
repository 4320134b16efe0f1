"""The API's one instance and its place in the address space.

Rooms register their ninja routers in `routers` while Django starts; `config.urls` mounts the lot.
"""

from collections.abc import Callable, Mapping
from functools import cache, wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.operation import Operation

from trassa.api.callers import authenticate
from trassa.api.errors import MethodNotAllowed
from trassa.api.openapi import build_document
from trassa.api.parameters import only_known_parameters
from trassa.api.problems import install_problem_handlers, not_found, problem_of
from trassa.api.rates import add_quota_headers
from trassa.api.responses import JSON, JsonParser, JsonRenderer, dump_json
from trassa.kernel import Registry

PREFIX = "api/v1/"
_DESCRIPTION = """\
Everything a person may do with records, as that person: a token never reaches further than its owner.

Amounts and other decimals are strings, times are ISO 8601 in UTC, dates are `YYYY-MM-DD`. Lists answer
`{items, next}`; pass `next` as `cursor` to go on. Failures are `application/problem+json` (RFC 9457).
What does not exist and what the person may not see are both 404; a masked field is absent everywhere.
"""

routers: Registry[Router] = Registry(
    "api.routers",
    description="Ninja routers of the rooms, with paths from the root of the API.",
)


class TrassaAPI(NinjaAPI):
    """Ninja's API with short operation ids."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def create_api(mounted: Mapping[str, Router]) -> NinjaAPI:
    """An API of these routers, with our authentication, problems, parser and renderer."""
    api = TrassaAPI(
        title="Trassa",
        version="1",
        description=_DESCRIPTION,
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        auth=authenticate,
        parser=JsonParser(),
        renderer=JsonRenderer(),
    )
    install_problem_handlers(api)
    api.add_decorator(only_known_parameters)
    for name, router in mounted.items():
        api.add_router("", router, tags=[name])
    return api


def mount(mounted: Mapping[str, Router] | None = None) -> URLResolver:
    """The address space /api/v1/ of the registered routers (or of these)."""
    api = create_api(dict(routers.items()) if mounted is None else mounted)
    patterns, _app_name, namespace = api.urls
    guarded = [
        _guarded(pattern)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]

    @cache
    def document() -> bytes:
        return dump_json(build_document(api, prefix=PREFIX))

    def openapi(request: HttpRequest) -> HttpResponse:
        return HttpResponse(document(), content_type=JSON)

    return path(
        PREFIX,
        include(
            (
                [
                    path("openapi.json", openapi, name="openapi"),
                    *guarded,
                    re_path(r"", _nothing_here, name="nothing"),
                ],
                "api",
            ),
            namespace=namespace,
        ),
    )


def _guarded(pattern: URLPattern) -> URLPattern:
    """The same address with what ninja leaves to us: 405 as a problem, quota headers, no caching."""
    view: Callable[..., HttpResponse] = pattern.callback

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            response = _not_allowed(response)
        add_quota_headers(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return URLPattern(pattern.pattern, answer, pattern.default_args, pattern.name)


def _not_allowed(response: HttpResponseNotAllowed) -> HttpResponse:
    allowed = ", ".join(sorted(response.headers["Allow"].split(", ")))
    refused = MethodNotAllowed(_("This address does not know the method. Allowed: %s.") % allowed)
    answer = problem_of(refused)
    answer.headers["Allow"] = allowed
    return answer


@csrf_exempt
def _nothing_here(request: HttpRequest) -> HttpResponse:
    return not_found()
