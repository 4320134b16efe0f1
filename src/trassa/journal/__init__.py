"""Append-only history with a hash chain, and the outbox that tells the rest of the world what happened.

Other rooms import these names from the package root only. Importing it needs no app registry.
"""

from trassa.journal.history import append, erase, list_entries
from trassa.journal.outbox import Dispatch, Job, Notice, Payload, Subscriber, publish, subscribers
from trassa.journal.tickets import Ticket, open_ticket, read_ticket, sign_ticket
from trassa.journal.types import Changes, Entry, Json, NewEntry, Stream

__all__ = [
    "Changes",
    "Dispatch",
    "Entry",
    "Job",
    "Json",
    "NewEntry",
    "Notice",
    "Payload",
    "Stream",
    "Subscriber",
    "Ticket",
    "append",
    "erase",
    "list_entries",
    "open_ticket",
    "publish",
    "read_ticket",
    "sign_ticket",
    "subscribers",
]
