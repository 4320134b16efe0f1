"""Uploading and reading files over the API."""

from tests.factories.api import ApiClient, errors_of
from tests.factories.files import PDF, add_documents, make_picture

ANOTHER = "x" * 20


def test_a_file_is_uploaded_and_read_back(seller: ApiClient) -> None:
    answer = seller.upload("files", "Паспорт.pdf", PDF)
    assert answer.status_code == 201
    sent = answer.json()
    assert (sent["name"], sent["type"], sent["size"]) == ("Паспорт.pdf", "application/pdf", len(PDF))
    assert sent["expires_at"] > sent["uploaded_at"]
    content = seller.get(f"files/{sent['id']}/content")
    assert content.getvalue() == PDF
    assert seller.get(f"files/{sent['id']}").json() == sent


def test_a_content_is_saved_and_never_run(seller: ApiClient) -> None:
    id = seller.upload("files", "договор № 5.pdf", PDF).json()["id"]
    headers = seller.get(f"files/{id}/content").headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%B4")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"
    assert "RateLimit-Limit" in headers


def test_pages_are_kept_but_served_as_bytes(seller: ApiClient) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    for name, content in (("page.html", page), ("drawing.svg", drawing)):
        id = seller.upload("files", name, content).json()["id"]
        answer = seller.get(f"files/{id}/content")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_unchanged_content_is_not_sent_again(seller: ApiClient) -> None:
    id = seller.upload("files", "a.pdf", PDF).json()["id"]
    etag = seller.get(f"files/{id}/content").headers["ETag"]
    again = seller.get_with(f"files/{id}/content", If_None_Match=etag)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == etag


def test_a_part_of_a_content_can_be_asked_for(seller: ApiClient) -> None:
    id = seller.upload("files", "a.txt", b"0123456789").json()["id"]

    def part(wanted: str, **headers: str) -> tuple[int, bytes, str]:
        answer = seller.get_with(f"files/{id}/content", Range=wanted, **headers)
        return answer.status_code, answer.getvalue(), answer.headers.get("Content-Range", "")

    assert part("bytes=2-4") == (206, b"234", "bytes 2-4/10")
    assert part("bytes=7-") == (206, b"789", "bytes 7-9/10")
    assert part("bytes=-3") == (206, b"789", "bytes 7-9/10")
    assert part("bytes=0-100") == (206, b"0123456789", "bytes 0-9/10")
    assert part("bytes=10-")[0] == 416
    for whole in ("bytes=", "bytes=-0", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2"):
        assert part(whole)[:2] == (200, b"0123456789")
    assert part("bytes=2-4", If_Range='"another"')[0] == 200


def test_what_is_refused_says_why(seller: ApiClient) -> None:
    assert errors_of(seller.upload("files", "a.pdf", b"")) == {"file": "empty"}
    assert errors_of(seller.upload("files", "a.pdf", make_picture())) == {"file": "wrong_type"}
    assert errors_of(seller.upload("files", "a.exe", b"text")) == {"file": "program"}


def test_another_kind_of_body_is_not_taken(seller: ApiClient) -> None:
    assert seller.post("files", {"file": "a"}).status_code == 415


def test_a_body_without_the_file_is_refused(seller: ApiClient) -> None:
    assert errors_of(seller.upload("files", "a.txt", b"text", part="other")) == {"file": "required"}


def test_a_broken_body_is_a_problem(seller: ApiClient) -> None:
    answer = seller.send_raw("POST", "files", b"nothing", "multipart/form-data; boundary=" + ANOTHER)
    assert answer.status_code == 422
    answer = seller.send_raw("POST", "files", b"nothing", "multipart/form-data")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_request")


def test_a_request_beyond_the_limit_is_not_read(seller: ApiClient, settings: object) -> None:
    settings.TRASSA_UPLOAD_BYTES = 100  # type: ignore[attr-defined]
    answer = seller.upload("files", "a.txt", b"x" * 200)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_upload_can_be_repeated_safely(seller: ApiClient) -> None:
    first = seller.upload("files", "a.pdf", PDF, Idempotency_Key="once")
    again = seller.upload("files", "a.pdf", PDF, Idempotency_Key="once")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = seller.upload("files", "a.pdf", PDF + b"\n", Idempotency_Key="once")
    assert errors_of(other) == {"Idempotency-Key": "idempotency_key_reused"}


def test_somebody_elses_upload_is_not_there(seller: ApiClient, head: ApiClient) -> None:
    id = seller.upload("files", "a.pdf", PDF).json()["id"]
    assert head.get(f"files/{id}").status_code == 404
    assert head.get(f"files/{id}/content").status_code == 404


def test_uploads_are_attached_to_a_record_and_listed(seller: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    ids = [seller.upload("files", name, PDF).json()["id"] for name in ("a.pdf", "b.pdf")]
    answer = seller.post(f"records/car/{car}/files", {"files": ids})
    assert answer.status_code == 201
    assert [each["name"] for each in answer.json()["items"]] == ["a.pdf", "b.pdf"]
    assert seller.get(f"records/car/{car}/files").json() == answer.json()
    [first, _second] = answer.json()["items"]
    assert (first["record"], first["field"], first["expires_at"]) == (car, None, None)
    history = seller.get(f"records/car/{car}/history").json()["items"][0]
    assert [each["name"] for each in history["changes"][0]["after"]] == ["a.pdf", "b.pdf"]


def test_a_file_is_renamed_removed_and_brought_back(seller: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    id = seller.upload("files", "a.pdf", PDF).json()["id"]
    seller.post(f"records/car/{car}/files", {"files": [id]})
    assert seller.patch(f"files/{id}", {"name": "Договор"}).json()["name"] == "Договор.pdf"
    assert errors_of(seller.patch(f"files/{id}", {"kind": "report"})) == {"kind": "unknown_option"}
    assert seller.delete(f"files/{id}").status_code == 204
    assert seller.get(f"files/{id}").status_code == 404
    assert seller.get(f"records/car/{car}/files").json()["items"] == []
    assert seller.post(f"files/{id}/restore").json()["name"] == "Договор.pdf"
    assert seller.post(f"files/{id}/restore").status_code == 404


def test_files_of_a_field_travel_with_the_record(seller: ApiClient) -> None:
    add_documents()
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    id = seller.upload("files", "a.pdf", PDF).json()["id"]
    body = {"files": [id], "field": "documents", "kind": "passport"}
    assert seller.post(f"records/car/{car}/files", body).status_code == 201
    record = seller.get(f"records/car/{car}").json()
    value = {"id": id, "name": "a.pdf", "kind": "passport", "size": len(PDF), "type": "application/pdf"}
    assert record["fields"]["documents"] == [value]
    changed = [value | {"kind": "report"}]
    answer = seller.patch(
        f"records/car/{car}", {"version": record["version"], "fields": {"documents": changed}}
    )
    assert answer.json()["fields"]["documents"] == changed
    assert seller.patch(f"files/{id}", {"kind": ""}).json()["kind"] == ""


def test_attaching_to_what_is_no_place_is_refused(seller: ApiClient) -> None:
    add_documents()
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    id = seller.upload("files", "a.pdf", PDF).json()["id"]
    for field in ("make", "absent", "secret"):
        refused = seller.post(f"records/car/{car}/files", {"files": [id], "field": field})
        assert errors_of(refused) == {"field": "unknown_field"}
    refused = seller.post(f"records/car/{car}/files", {"files": [id], "kind": "passport"})
    assert errors_of(refused) == {"kind": "unknown_option"}
    refused = seller.post(f"records/car/{car}/files", {"files": [id], "field": "documents", "kind": "x"})
    assert errors_of(refused) == {"kind": "unknown_option"}
    refused = seller.post(f"records/car/{car}/files", {"files": [2**40]})
    assert errors_of(refused) == {"files": "unknown_file"}
