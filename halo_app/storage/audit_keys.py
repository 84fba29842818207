"""What the audit log needs apart from its database: the sealing key, the ends of the chain, and one key per person."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from halo_app.domain.auditing import Ends, Mark, subkey
from halo_app.errors import Damaged
from halo_app.storage.atomic import close_folder, make_folder, sync_folder, worded, write_atomic

_KEY_BYTES = 32
_RECORD_BYTES = 512              # of the file that holds the ends: one sector, so that it is written whole or not at all
_PSEUDONYM_DIGITS = 16


class AuditKeys:
    """A folder, 0700, of files, 0600. `lock` is held while a key is made, by one process at a time.

    Raises StoreUnavailable when the folder cannot be used, Damaged when one of the files is not what was written.
    """

    def __init__(self, folder: Path, lock: Callable[[], AbstractContextManager[Any]]) -> None:
        self.folder = folder
        self._lock = lock
        self._key = b""

    def key(self, purpose: str) -> bytes:
        """Return the 32 bytes for one purpose; the key they come from is made at its first use."""
        self._key = self._key or self._made(self.folder / "audit.key")
        return subkey(self._key, purpose)

    def pseudonym(self, user_id: str, *, make: bool = False) -> str:
        """Return what stands for the person in the log, "" when nothing does (any more); `make` gives them one."""
        path = self._person(user_id)
        if not user_id or not (make or path.exists()):
            return ""
        return "p" + hmac.new(self._made(path), b"pseudonym", "sha256").hexdigest()[:_PSEUDONYM_DIGITS]

    def forget(self, user_id: str) -> bool:
        """Destroy the person's key, durably; tell whether there was one."""
        path = self._person(user_id)
        try:
            path.write_bytes(bytes(_KEY_BYTES))        # where the disk writes in place, the key is gone, too
            path.unlink()
            sync_folder(path.parent)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise worded(error, "a key of the audit log", self.folder) from error
        return True

    def ends(self, log: str) -> Ends | None:
        """Return the ends of that chain, None before they were ever written."""
        try:
            return self._read(self._place(log).read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise worded(error, "the head of the audit log", self.folder) from error

    def begin(self, log: str, at: Mark) -> None:
        """Write the ends of an empty chain, durably, unless there are some."""
        with self._lock():
            if not self._place(log).exists():
                self._folder_of(self.folder)
                write_atomic(self._place(log), self._record(Ends(at, at)))

    def advance(self, log: str, changed: Callable[[Ends], Ends | None], *, durable: bool = False) -> None:
        """Read, change and write the ends, alone; None leaves them. Unless `durable`, a power cut may undo it, nothing else can."""
        try:
            with _alone(self._place(log)) as descriptor:
                wanted = changed(self._read(os.pread(descriptor, _RECORD_BYTES, 0)))
                if wanted is not None:
                    os.pwrite(descriptor, self._record(wanted), 0)
                if durable:
                    os.fsync(descriptor)
        except OSError as error:
            raise worded(error, "the head of the audit log", self.folder) from error

    def _made(self, path: Path) -> bytes:
        for _ in range(2):
            try:
                key = path.read_bytes()
            except FileNotFoundError:
                with self._lock():
                    if not path.exists():
                        self._folder_of(path.parent)
                        write_atomic(path, secrets.token_bytes(_KEY_BYTES))
                continue
            except OSError as error:
                raise worded(error, "a key of the audit log", self.folder) from error
            if len(key) == _KEY_BYTES:
                return key
            break
        raise Damaged(f"{path} is not a key of the audit log", fix="restore the keys folder from a backup")

    def _folder_of(self, folder: Path) -> None:
        make_folder(folder)
        close_folder(folder)

    def _person(self, user_id: str) -> Path:
        name = hmac.new(self.key("people"), user_id.encode("utf-8", "replace"), "sha256").hexdigest()[:32]
        return self.folder / "people" / f"{name}.key"

    def _place(self, log: str) -> Path:
        return self.folder / f"{log}.head"

    def _record(self, ends: Ends) -> bytes:
        numbers = [ends.first.number, ends.first.seal, ends.last.number, ends.last.seal]
        return json.dumps([*numbers, self._proof(numbers)]).encode().ljust(_RECORD_BYTES)

    def _read(self, record: bytes) -> Ends:
        try:
            first, first_seal, last, last_seal, proof = json.loads(record)
            if hmac.compare_digest(proof, self._proof([first, first_seal, last, last_seal])):
                return Ends(Mark(first, first_seal), Mark(last, last_seal))
        except (ValueError, TypeError):
            pass
        raise Damaged("the head of the audit log is not what was written", fix="restore the keys folder from a backup")

    def _proof(self, numbers: list[Any]) -> str:
        return hmac.new(self.key("head"), json.dumps(numbers).encode(), "sha256").hexdigest()


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """Open the file and hold it against other writers; where there is no fcntl, entries are checked again by the next writer."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        try:
            import fcntl
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield descriptor
    finally:
        os.close(descriptor)
