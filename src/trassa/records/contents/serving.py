"""Contents on their way out: nothing that a browser would run, nothing that a cache would share.

Only verified pictures and PDF may show themselves; everything else is saved. Whatever the type, the browser
neither guesses another one nor gives the content an origin, scripts or forms.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from trassa.records.contents import types
from trassa.records.contents.store import CHUNK

#: No sandbox for PDF: browsers show it in a viewer of their own, which does not start in one.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
#: Types that browsers would run as pages.
_PAGES = {types.HTML.code, types.SVG.code, types.XML.code}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def serve_content(
    request: HttpRequest,
    stream: BinaryIO,
    *,
    hash: str,
    size: int,
    name: str,
    type: str,
    inline: bool,
    cache_seconds: int = 0,
) -> HttpResponseBase:
    """Answer with a content, with a part of it (one Range), or with 304 when the browser has it.

    `inline` lets the browser show it, for types that it may show. `stream` is closed with the answer.
    """
    etag = quote_etag(hash)
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={cache_seconds}" if cache_seconds else "private, no-cache",
        "Content-Disposition": content_disposition_header(not inline, name) or "attachment",
        "Content-Security-Policy": _PDF_POLICY if inline and type == types.PDF.code else _POLICY,
        "Content-Type": types.UNKNOWN.code if type in _PAGES else type,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        stream.close()
        return with_headers(unchanged, headers)
    wanted = find_range(request, size, etag)
    if wanted is None:
        headers["Content-Length"] = str(size)
        return StreamingHttpResponse(read_part(stream, size), headers=headers)
    start, end = wanted
    if start >= size:
        stream.close()
        return with_headers(HttpResponse(status=416), {"Content-Range": f"bytes */{size}"})
    stream.seek(start)
    headers |= {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": str(end - start + 1)}
    return StreamingHttpResponse(read_part(stream, end - start + 1), status=206, headers=headers)


def may_show(type: str, width: int | None) -> bool:
    """Whether browsers may show this content themselves: verified pictures and PDF."""
    return (types.type_of_code(type).raster and width is not None) or type == types.PDF.code


def find_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte of the one range that is asked for; None for the whole content.

    What cannot be read, and several ranges, get the whole; a start behind the end is given as it is.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found[1][:20], found[2][:20]
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else None
    end = min(int(last), size - 1) if last else size - 1
    return None if int(first) < size and end < int(first) else (int(first), end)


def read_part(stream: BinaryIO, length: int) -> Iterator[bytes]:
    """So many bytes from where the stream stands, then it is closed."""
    with stream:
        while length > 0 and (piece := stream.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece


def with_headers(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response.headers[name] = value
    return response
