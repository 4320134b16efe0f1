"""The one way to write JSON for hashing, and the hashes of the chain.

An entry's hash is SHA-256 over the hash before it and the canonical JSON of {actor, at, cause, digests,
kind, seq, stream}. `digests` has one salted digest per changed key instead of the values, so values can be
erased and the chain still verifies. Each entry stores one random salt; the salt of a key is derived from
it, and erasing replaces the entry's salt by those of the remaining keys. See docs/decisions/0007-history.md.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from json.encoder import encode_basestring as _quote

from trassa.journal.types import Json, Stream

#: The hash before the first entry of a stream and before the first checkpoint.
GENESIS = bytes(32)
SALT_BYTES = 16

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical_json(value: Json) -> str:
    """`value` with sorted keys and no spaces, the same before and after a stay in a jsonb column."""
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    return _encode(_as_stored(value))


def _as_stored(value: Json) -> Json:
    """Whole floats as integers: jsonb keeps decimals, 1e16 comes back from it as an integer."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {key: _as_stored(item) for key, item in value.items()}
    return [_as_stored(item) for item in value]


def derive_salt(entry_salt: bytes, key: str) -> bytes:
    """The salt of one key; knowing it does not give away the salts of other keys."""
    return sha256(entry_salt + key.encode()).digest()


def digest_change(key_salt: bytes, before: Json, after: Json) -> str:
    """The salted digest of one key's values, in hexadecimal."""
    pair = f"[{canonical_json(before)},{canonical_json(after)}]"
    return sha256(key_salt + pair.encode()).hexdigest()


def canonical_moment(moment: datetime) -> str:
    """UTC with microseconds: «2026-03-24T15:00:00.000000Z»."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_text(
    *,
    stream: Stream,
    at: datetime,
    actor_id: int | None,
    kind: str,
    cause: str,
    digests: Mapping[str, str],
) -> tuple[str, str]:
    """The canonical JSON of an entry in two parts; between them belongs its number in the stream.

    `cause` is canonical JSON already. The number is known only when the head of the stream is locked, which
    happens inside the database; splitting the text there saves a round trip.
    """
    actor = "null" if actor_id is None else str(actor_id)
    opening = (
        f'{{"actor":{actor},"at":"{canonical_moment(at)}","cause":{cause},'
        f'"digests":{_encode(digests)},"kind":{_quote(kind)},"seq":'
    )
    return opening, f',"stream":[{_quote(stream.kind)},{stream.id}]}}'


def entry_hash(previous: bytes, opening: str, seq: int, closing: str) -> bytes:
    """The hash of an entry after the entry with the hash `previous`."""
    return sha256(previous + f"{opening}{seq}{closing}".encode()).digest()
