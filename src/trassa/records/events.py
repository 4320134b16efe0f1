"""What this room tells the world through the outbox, and how it becomes notices for browsers."""

from collections.abc import Mapping, Sequence
from typing import Any

from trassa.journal import Dispatch, Job, Notice
from trassa.people.events import count_anew

#: A batch of records was stored. Payload: `{"actor": person id or null, "items": [{"type", "id", "version",
#: "change", "owners", "departments", "retitled"}]}`. `change` is created, changed, moved, binned, restored,
#: merged (took another one in), joined (became part of it), unmerged or parted. Owners (with participants)
#: and departments are those before and after the change, so that everybody whose lists are touched hears of
#: it; `retitled` says that the title of an old record changed. Where records became somebody's by the hand of
#: another one: `"who"` (whose hand: person id or null) and `"given": [{"type", "id", "version", "owner"}]`,
#: unless robots were to rest. No values travel.
RECORDS_CHANGED = "records.changed"

#: Two records became one. Payload: `{"merge": id}`; the records themselves are in RECORDS_CHANGED.
RECORDS_MERGED = "records.merged"

#: A content came in that small pictures can be made of. Payload: `{"hash": SHA-256}`.
CONTENT_STORED = "records.content_stored"

#: Something that hangs on records changed, and not they themselves: comments, small pictures of files.
#: Payload: `{"items": [{"type", "id", "owners", "departments"}]}`, as of RECORDS_CHANGED; versions stay.
RECORDS_TOUCHED = "records.touched"

#: Somebody wrote about a record. Payload: `{"type", "record", "comment", "author", "answers", "answered",
#: "mentioned", "watching"}`, all ids. `author` is null when nobody signed in wrote; `answers` is the comment
#: that this one answers, or null. Who is to hear of it: `mentioned` are the people whom the text names,
#: `answered` is who wrote the comment that is answered, or null, `watching` are the others who watch the
#: record. Nobody stands in two of the three, and the author in none. What people may see can have changed
#: since: who tells them asks anew, and reads the text from the comment, which may be gone by then.
COMMENT_ADDED = "records.comment_added"

#: Somebody changed the text of their comment. Payload: `{"type", "record", "comment", "author",
#: "mentioned"}`; `mentioned` are the people whom only the new text names.
COMMENT_EDITED = "records.comment_edited"

#: Somebody reacted to a comment of another person. Payload: `{"type", "record", "comment", "author",
#: "person", "reaction"}`: who wrote it, who reacted, and the code of the reaction.
COMMENT_REACTED = "records.comment_reacted"

#: Somebody asked for an export too large to wait for. Payload: `{"export": id}`.
EXPORT_ASKED = "records.export_asked"

#: A change of many records is to be carried out or undone, or a part of it is done. Payload: `{"run": id}`.
BULK_ORDERED = "records.bulk_ordered"

#: Formulas of many records are to be counted, or a part of them is. Payload: `{"recount": id}`.
RECOUNT_DUE = "records.recount_due"


def announce_to_browsers(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """Notices on the topics of `access`: all of a type, a department's, a person's own."""
    notices: list[Notice] = []
    for payload in payloads:
        for item in payload["items"]:
            for topic in topics_of(item):
                notices.append(Notice(topic, item["id"], item.get("version")))
    return Dispatch(notices=notices, jobs=[])


def topics_of(item: Mapping[str, Any]) -> list[str]:
    """The topics that one changed record touches."""
    whole = f"t{item['type']}"
    departments = [f"{whole}.d{id}" for id in item["departments"]]
    owners = [f"{whole}.o{id}" for id in item["owners"]]
    return [whole, *departments, *owners]


def refresh_linked_titles(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that renews titles made of the titles that changed here."""
    ids: dict[int, list[int]] = {}
    for payload in payloads:
        for item in payload["items"]:
            if item["retitled"]:
                ids.setdefault(item["type"], []).append(item["id"])
    jobs = [
        Job("records.refresh_titles", {"type_id": type_id, "ids": sorted(set(group))})
        for type_id, group in ids.items()
    ]
    return Dispatch(notices=[], jobs=jobs)


def run_exports(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each export."""
    jobs = [Job("records.run_export", {"export": payload["export"]}) for payload in payloads]
    return Dispatch(notices=[], jobs=jobs)


def work_in_bulk(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """One job for each run; those of one run follow one another."""
    names = {f"records.bulk.{payload['run']}": payload["run"] for payload in payloads}
    return Dispatch(
        jobs=[
            Job("records.work_in_bulk", {"run": run}, queueing_lock=name, lock=name)
            for name, run in names.items()
        ]
    )


def draw_contents(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each content that small pictures can be made of."""
    hashes = dict.fromkeys(str(payload["hash"]) for payload in payloads)
    return Dispatch(
        jobs=[Job("records.preview", {"hash": hash}, queueing_lock=f"preview {hash}") for hash in hashes]
    )


def follow_merges(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job for each merge that looks for links made while it went on."""
    jobs = [Job("records.follow_merge", {"merge": payload["merge"]}) for payload in payloads]
    return Dispatch(notices=[], jobs=jobs)


def renew_search(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that makes search documents anew where a change of the schema asks for it."""
    task = "records.renew_search"
    return Dispatch(notices=[], jobs=[Job(task, {}, queueing_lock=task, lock=task)])


def renew_deadlines(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts deadlines anew where stages have other ones."""
    task = "records.renew_deadlines"
    return Dispatch(jobs=[Job(task, {}, queueing_lock=task, lock=task)])


def renew_formulas(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts formulas anew where records hold the values of others."""
    task = "records.renew_formulas"
    return Dispatch(jobs=[Job(task, {}, queueing_lock=task, lock=task)])


def count_formulas(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """One job for each recount; those of one follow one another."""
    names = {f"records.recount.{payload['recount']}": payload["recount"] for payload in payloads}
    return Dispatch(
        jobs=[
            Job("records.recount", {"recount": recount}, queueing_lock=name, lock=name)
            for name, recount in names.items()
        ]
    )


def follow_working_time(payloads: Sequence[Mapping[str, Any]]) -> Dispatch:
    """A job that counts deadlines anew, of the owners whose working time changed or of everybody."""
    return count_anew("records.recount_deadlines", payloads)
