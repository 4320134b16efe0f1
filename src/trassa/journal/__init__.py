"""Append-only history with a hash chain, and the outbox that tells the rest of the world what happened.

Other rooms import these names from the package root only. Importing it needs no app registry.
"""

from trassa.journal.checkpoints import CheckpointMark, checkpoint
from trassa.journal.direct import direct_conninfo
from trassa.journal.history import (
    append,
    append_statement,
    erase,
    list_entries,
    list_entries_together,
    list_newest_entries,
)
from trassa.journal.outbox import (
    Dispatch,
    Job,
    Notice,
    ParkedMessage,
    Payload,
    Subscriber,
    list_parked,
    prune_parked,
    publish,
    publish_statement,
    retry_parked,
    subscribers,
)
from trassa.journal.relay import CHANNEL, run_relay
from trassa.journal.tickets import Ticket, open_ticket, read_ticket, sign_ticket
from trassa.journal.types import Changes, Entry, Json, NewEntry, Stream
from trassa.journal.verification import Fault, Problem, VerifyReport, verify

__all__ = [
    "CHANNEL",
    "Changes",
    "CheckpointMark",
    "Dispatch",
    "Entry",
    "Fault",
    "Job",
    "Json",
    "NewEntry",
    "Notice",
    "ParkedMessage",
    "Payload",
    "Problem",
    "Stream",
    "Subscriber",
    "Ticket",
    "VerifyReport",
    "append",
    "append_statement",
    "checkpoint",
    "direct_conninfo",
    "erase",
    "list_entries",
    "list_entries_together",
    "list_newest_entries",
    "list_parked",
    "open_ticket",
    "prune_parked",
    "publish",
    "publish_statement",
    "read_ticket",
    "retry_parked",
    "run_relay",
    "sign_ticket",
    "subscribers",
    "verify",
]
