"""Whether a process of this machine has died, told from its name even when its number was given again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from halo_app.storage.workers import has_died, worker_name

NAMES = "import sys; from halo_app.storage.workers import worker_name; print(worker_name(), flush=True); sys.stdin.read()"


@pytest.fixture
def other():
    process = subprocess.Popen([sys.executable, "-c", NAMES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process, process.stdout.readline().strip()
    process.kill()
    process.communicate()


def test_this_process_lives_and_no_name_is_given_twice():
    assert not has_died(worker_name())
    assert worker_name() != worker_name()


def test_another_process_lives_until_it_is_killed(other):
    process, name = other
    assert not has_died(name)
    process.kill()
    process.wait()
    assert has_died(name)


def test_a_number_that_was_given_again_is_another_process(other):
    _, name = other
    machine, number, started, chance = name.split("/")
    assert has_died("/".join([machine, number, str(int(started) - 1), chance]))


@pytest.mark.parametrize("name", ["", "a worker that dies", "ab12" * 4, "elsewhere/1/1/x", "/1/1/x"])
def test_of_whoever_cannot_be_known_nothing_is_said(name):
    assert not has_died(name)
