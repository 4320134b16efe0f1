"""Contents of files for a person in a browser."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from trassa.records.contents.serving import may_show, serve_content
from trassa.records.queries.files import open_content
from trassa.records.views.subjects import actor_of_request


@require_safe
def content(request: HttpRequest, id: int) -> HttpResponseBase:
    """The content to be saved; with `?show` in the browser where its type may show itself."""
    file, stream = open_content(actor_of_request(request), id)
    inline = "show" in request.GET and may_show(file.type, file.width)
    return serve_content(
        request, stream, hash=file.hash, size=file.size, name=file.name, type=file.type, inline=inline
    )
