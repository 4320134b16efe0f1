"""Comments over the API."""

from tests.factories.api import ApiClient, errors_of
from tests.factories.files import PDF


def test_comments_are_written_read_changed_and_deleted(seller: ApiClient, head: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    place = f"records/car/{car}/comments"
    answer = seller.post(place, {"text": "Перезвонить\nпосле шести"})
    assert answer.status_code == 201
    said = answer.json()
    assert head.get(place).json() == {"items": [said], "next": None}
    assert head.patch(f"{place}/{said['id']}", {"text": "Нет"}).status_code == 403
    changed = seller.patch(f"{place}/{said['id']}", {"text": "Да", "pinned": True}).json()
    assert (changed["text"], changed["pinned"]) == ("Да", True)
    assert changed["edited_at"]
    assert seller.delete(f"{place}/{said['id']}").status_code == 204
    assert seller.get(place).json()["items"] == []
    assert seller.post(f"{place}/{said['id']}/restore").json()["text"] == "Да"


def test_comments_come_in_pages(seller: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    for number in range(3):
        seller.post(f"records/car/{car}/comments", {"text": str(number)})
    first = seller.get(f"records/car/{car}/comments", limit="2").json()
    assert [each["text"] for each in first["items"]] == ["2", "1"]
    second = seller.get(f"records/car/{car}/comments", limit="2", cursor=first["next"]).json()
    assert ([each["text"] for each in second["items"]], second["next"]) == (["0"], None)


def test_a_blank_comment_is_refused(seller: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    assert errors_of(seller.post(f"records/car/{car}/comments", {"text": "  "})) == {"text": "required"}


def test_comments_carry_files(seller: ApiClient, head: ApiClient) -> None:
    car = seller.post("records/car", {"fields": {"make": "Lada"}}).json()["id"]
    place = f"records/car/{car}/comments"
    first, second = (seller.upload("files", f"{name}.pdf", PDF).json()["id"] for name in ("a", "b"))
    said = seller.post(place, {"files": [first]}).json()
    assert (said["text"], [(file["id"], file["comment"]) for file in said["files"]]) == (
        "",
        [(first, said["id"])],
    )
    changed = seller.patch(f"{place}/{said['id']}", {"files": [second]}).json()
    assert [file["name"] for file in changed["files"]] == ["b.pdf"]
    assert b"".join(head.get(f"files/{second}/content").streaming_content) == PDF
    assert head.get(f"files/{first}").status_code == 404
    assert head.get(f"records/car/{car}/files").json() == {"items": []}
    assert seller.delete(f"files/{second}").status_code == 403
    assert errors_of(head.post(place, {"text": "Чужой", "files": [first]})) == {"files": "unknown_file"}


def test_comments_answer_name_and_are_reacted_to(seller: ApiClient, head: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    place = f"records/deal/{deal}/comments"
    me, boss = (client.get("me").json()["id"] for client in (seller, head))
    first = seller.post(place, {"text": "@head, гляньте"}).json()
    assert (first["mentions"], first["answers"], first["thread"]) == ([boss], None, None)
    second = head.post(place, {"text": "Да", "answers": first["id"]}).json()
    seller.post(place, {"text": "Другое"})
    assert [each["id"] for each in seller.get(place, thread=str(first["id"])).json()["items"]] == [
        second["id"],
        first["id"],
    ]
    reaction = f"{place}/{second['id']}/reactions/thanks"
    assert seller.send("PUT", reaction, None).json()["reactions"] == {"thanks": [me]}
    assert seller.delete(reaction).json()["reactions"] == {}
    assert seller.send("PUT", f"{place}/{second['id']}/reactions/love", None).status_code == 422
    assert errors_of(head.post(place, {"text": "Да", "answers": 1})) == {"answers": "unknown_comment"}
    assert errors_of(seller.post(place, {"text": "@seller2"})) == {"text": "mention_blind"}


def test_who_watches_a_record_is_told_and_can_stop(seller: ApiClient, head: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    me, boss = (client.get("me").json()["id"] for client in (seller, head))
    assert seller.get(f"records/deal/{deal}/watch").json() == {"watching": True, "people": [me]}
    watched = head.send("PUT", f"records/deal/{deal}/watch", {"watching": True}).json()
    assert (watched["watching"], set(watched["people"])) == (True, {me, boss})
    assert seller.send("PUT", f"records/deal/{deal}/watch", {"watching": False}).json() == {
        "watching": False,
        "people": [boss],
    }


def test_people_who_see_a_record_are_found_for_naming_them(seller: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    found = seller.get(f"records/deal/{deal}/people").json()["items"]
    assert [each["login"] for each in found][:1] == ["seller"]
    assert {each["login"] for each in found} == {"seller", "head", "admin"}


def test_earlier_texts_of_a_comment_are_read(seller: ApiClient) -> None:
    deal = seller.post("records/deal", {"fields": {"amount": "5"}}).json()["id"]
    place = f"records/deal/{deal}/comments"
    id = seller.post(place, {"text": "Один"}).json()["id"]
    seller.patch(f"{place}/{id}", {"text": "Два"})
    texts = [each["text"] for each in seller.get(f"{place}/{id}/versions").json()["items"]]
    assert texts == ["Два", "Один"]
