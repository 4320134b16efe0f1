"""Texts travel compressed, files as they are."""

import gzip
from collections.abc import Iterator

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from trassa.config.compression import CompressTexts

TEXT = "Сделка в работе. " * 100


def answer(response: HttpResponseBase, accepts: str = "gzip, br") -> HttpResponseBase:
    def respond(request: HttpRequest) -> HttpResponseBase:
        return response

    return CompressTexts(respond)(RequestFactory().get("/", headers={"accept-encoding": accepts}))  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "application/problem+json"])
def test_pages_and_answers_of_the_api_are_compressed(kind: str) -> None:
    response = answer(HttpResponse(TEXT, content_type=kind))
    assert isinstance(response, HttpResponse)
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < len(TEXT)
    assert gzip.decompress(response.content).decode() == TEXT


def test_who_accepts_nothing_compressed_gets_plain_text() -> None:
    response = answer(HttpResponse(TEXT), accepts="identity")
    assert isinstance(response, HttpResponse)
    assert response.content.decode() == TEXT
    assert "Accept-Encoding" in response["Vary"]


def test_equal_pages_differ_in_length_so_that_their_size_betrays_nothing() -> None:
    sizes = {len(answer(HttpResponse(TEXT)).content) for _each in range(40)}  # type: ignore[attr-defined]
    assert len(sizes) > 1


def test_files_and_streams_stay_as_they_are() -> None:
    def pieces() -> Iterator[bytes]:
        yield TEXT.encode()

    for response in (
        StreamingHttpResponse(pieces(), content_type="text/csv"),
        FileResponse([b"\xff\xd8" * 400], content_type="image/jpeg"),
        HttpResponse(b"\x89PNG" * 200, content_type="image/png"),
    ):
        assert not answer(response).has_header("Content-Encoding")
