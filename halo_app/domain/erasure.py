"""What is erased, whose a stored text is, and the receipt that tells of it without telling what it was."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Subject(StrEnum):
    PERSON = "person"      # everything of one user
    SOURCE = "source"      # one source with what was made from it
    MEMORY = "memory"      # one memory with what was made from it


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be erased. `ids` name records and `sha256` originals that go with it, gathered before anything is erased."""

    subject: Subject
    user_id: str
    id: str = ""                           # of the source or the memory, "" for a person
    name: str = ""                         # the source's file name, which answers may repeat
    ids: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()

    @classmethod
    def person(cls, user_id: str) -> Target:
        return cls(Subject.PERSON, user_id)

    @property
    def is_person(self) -> bool:
        return self.subject is Subject.PERSON


class Whose(StrEnum):
    """What a text found in a store is to the target."""

    TARGETS = "target's"                   # it goes
    MADE = "made"                          # HALO wrote it and it may repeat the target: what it repeats goes
    OTHERS = "others'"                     # it stays as it is


@dataclass(frozen=True, slots=True)
class Receipt:
    """Counts and keyed hashes, no content: whoever knows a name or id and holds the key can tell that this was erased."""

    id: str
    subject: Subject
    person: str                            # keyed hash of the user id
    what: str                              # keyed hash of the source's or memory's id, "" for a person
    begun_at: datetime
    ended_at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)      # store -> records removed or rewritten
    before: Mapping[str, int] = field(default_factory=dict)       # store -> texts that decoding found before: the control
    residues: Mapping[str, int] = field(default_factory=dict)     # store -> texts that decoding found afterwards
    kept: Mapping[str, str] = field(default_factory=dict)         # store -> why it stays
    signature: str = ""                    # HMAC-SHA256 over everything else, 64 hexadecimal digits


def plain(receipt: Receipt) -> dict[str, Any]:
    """Return the receipt as a JSON object."""
    return {**asdict(receipt), "begun_at": receipt.begun_at.isoformat(), "ended_at": receipt.ended_at.isoformat()}


def receipt_of(tree: Mapping[str, Any]) -> Receipt:
    """Return the receipt of a JSON object. Raises KeyError, TypeError or ValueError when it is none."""
    times = {name: datetime.fromisoformat(tree[name]) for name in ("begun_at", "ended_at")}
    return Receipt(**{**tree, **times, "subject": Subject(tree["subject"])})


def signed(receipt: Receipt, key: bytes) -> Receipt:
    return replace(receipt, signature=_seal(receipt, key))


def is_genuine(receipt: Receipt, key: bytes) -> bool:
    """Tell whether nothing in the receipt was changed since it was signed with this key."""
    return hmac.compare_digest(receipt.signature, _seal(receipt, key))


def keyed(key: bytes, text: str) -> str:
    """Return the keyed hash of a name or id, 32 hexadecimal digits."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _seal(receipt: Receipt, key: bytes) -> str:
    body = json.dumps(plain(replace(receipt, signature="")), sort_keys=True, separators=(",", ":"))
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
