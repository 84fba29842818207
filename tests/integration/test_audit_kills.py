"""An audit log whose writers are killed stays sound, and holds everything that was acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.audit_helpers import open_trail

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from halo_app.domain.audit import Act
from tests.audit_helpers import open_trail
trail = open_trail(Path(sys.argv[1]))
while True:
    trail.note(Act("anna", "note.edit", "anna"))
    print("done", flush=True)
"""


def killed_writers(folder: Path, kills: int) -> None:
    chance = random.Random(kills)
    acknowledged = 0
    for _ in range(kills):
        writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"done\n"
        time.sleep(chance.random() * 0.2)
        for writer in writers:
            writer.kill()
            said, _ = writer.communicate()
            acknowledged += 1 + said.count(b"done\n")
        found = open_trail(folder).inspect()
        assert found.ok, found.problem
        assert found.entries >= acknowledged


def test_two_writers_that_are_killed_again_and_again_leave_a_sound_log(data_dir: Path) -> None:
    killed_writers(data_dir, 4)


@pytest.mark.full
def test_a_hundred_killed_writers_leave_a_sound_log(data_dir: Path) -> None:
    killed_writers(data_dir, 50)
