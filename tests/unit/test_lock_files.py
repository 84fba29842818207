"""The lock files agree with pyproject.toml, and every way of disagreeing is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.locks import ROOT, complaints

FILES = ("pyproject.toml", "requirements.lock", "requirements-team.lock", "requirements-test.lock")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_ours_agree() -> None:
    assert complaints() == []


def test_a_new_requirement_must_be_locked(copy: Path) -> None:
    change(copy / "pyproject.toml", 'dependencies = [', 'dependencies = [\n    "a-new-one>=1",')
    assert complaints(copy) == [f"{name}: a-new-one>=1 is missing" for name in FILES[1:]]


def test_a_raised_bound_must_be_locked(copy: Path) -> None:
    change(copy / "pyproject.toml", "filelock>=4.2", "filelock>=999")
    assert all("filelock>=999 is locked at 4." in line for line in complaints(copy))
    assert len(complaints(copy)) == 3


def test_an_address_is_refused(copy: Path) -> None:
    (copy / "requirements.lock").write_text("--index-url http://127.0.0.1/simple\n" + (copy / "requirements.lock").read_text())
    assert "requirements.lock: holds an address" in complaints(copy)


def test_a_pin_without_hash_is_named(copy: Path) -> None:
    (copy / "requirements-test.lock").write_text((copy / "requirements-test.lock").read_text() + "zzz==1.0\n")
    assert complaints(copy) == ["requirements-test.lock: zzz==1.0 has no hash"]


def test_all_locks_hold_the_same_versions(copy: Path) -> None:
    change(copy / "requirements-test.lock", "altair==", "altair==9")
    assert any("altair differs from requirements-team.lock" in line for line in complaints(copy))
