"""The receipt of an erasure, in one sentence."""

from __future__ import annotations

from halo_app.domain.erasure import Receipt
from halo_app.ui.words import day, many


def told(receipt: Receipt, *, is_genuine: bool = True) -> str:
    """Return when, how much was removed, how much was found afterwards, and the number of the receipt."""
    removed, left = sum(receipt.removed.values()), sum(receipt.residues.values())
    words = f"Erased on {day(receipt.ended_at)}: {many(removed, 'record')} removed, {left} left. Receipt {receipt.id[:12]}"
    return words if is_genuine else f"{words}, which is not genuine"
