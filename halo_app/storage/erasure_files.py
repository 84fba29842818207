"""What an erasure writes down while it runs and after it: its to-do, its receipts and their key; and the space it may use."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from halo_app.domain.erasure import Receipt, Subject, Target, is_genuine, keyed, plain, receipt_of, signed
from halo_app.errors import Damaged
from halo_app.storage.atomic import make_folder, sync_folder, worded, write_atomic

TODO, RECEIPTS, BALLAST, KEY = "erasure.todo", "receipts.jsonl", "ballast", "keys/receipts.key"
BALLAST_BYTES = 4_000_000


@dataclass(frozen=True)
class ErasureFiles:
    """The files of erasure in one data directory."""

    folder: Path

    def make_room(self) -> None:
        """Release the space that was set aside: a full disk is no reason to fail."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def begin(self, target: Target, notes: dict[str, Any]) -> None:
        """Write down what is being erased and how far it is, durable on return."""
        write_atomic(self.folder / TODO, json.dumps({"target": asdict(target), **notes}).encode())

    @property
    def is_unfinished(self) -> bool:
        return (self.folder / TODO).exists()

    def unfinished(self) -> tuple[Target, dict[str, Any]] | None:
        """Return the erasure that was begun and not ended. Raises Damaged when nobody can tell what it was."""
        try:
            notes = json.loads((self.folder / TODO).read_bytes())
            given = notes.pop("target")
            target = Target(Subject(given["subject"]), given["user_id"], given["id"], given["name"],
                            tuple(given["ids"]), tuple(given["sha256"]))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{self.folder / TODO} cannot be read, so an erasure cannot be finished",
                          fix="remove that file and erase again") from error
        return target, notes

    def end(self) -> None:
        """Remove the to-do, and set space aside for the next erasure."""
        (self.folder / TODO).unlink(missing_ok=True)
        sync_folder(self.folder)
        self.set_space_aside()

    def set_space_aside(self) -> None:
        """Keep 4 MB that an erasure on a full disk can release; an unfinished one needs them itself."""
        path = self.folder / BALLAST
        if path.exists() or self.is_unfinished:
            return
        with suppress(OSError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(descriptor, 0, BALLAST_BYTES)
                else:
                    os.write(descriptor, bytes(BALLAST_BYTES))
            except OSError:
                path.unlink()
            finally:
                os.close(descriptor)

    def sign(self, receipt: Receipt) -> Receipt:
        """Sign the receipt and keep it, durable on return; one of that id that is kept already is returned."""
        for kept in self.receipts():
            if kept.id == receipt.id:
                return kept
        done = signed(receipt, self._key())
        lines = [*self._lines(), json.dumps(plain(done), sort_keys=True).encode()]
        write_atomic(self.folder / RECEIPTS, b"".join(line + b"\n" for line in lines))
        return done

    def receipts(self) -> Sequence[Receipt]:
        """Return the receipts that can be read, oldest first."""
        found = []
        for line in self._lines():
            with suppress(ValueError, KeyError, TypeError):
                found.append(receipt_of(json.loads(line)))
        return found

    def is_genuine(self, receipt: Receipt) -> bool:
        """Tell whether this data directory signed the receipt and nothing in it was changed."""
        return (self.folder / KEY).exists() and is_genuine(receipt, self._key())

    def pseudonym(self, text: str) -> str:
        """Return the keyed hash under which receipts name a user or an id, "" for ""."""
        return keyed(self._key(), text) if text else ""

    def _lines(self) -> list[bytes]:
        try:
            return [line for line in (self.folder / RECEIPTS).read_bytes().split(b"\n") if line.strip()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise worded(error, RECEIPTS, self.folder) from error

    def _key(self) -> bytes:
        path = self.folder / KEY
        if not path.exists():
            make_folder(path.parent)
            write_atomic(path, secrets.token_hex(32).encode())
        return bytes.fromhex(path.read_text(encoding="ascii"))
