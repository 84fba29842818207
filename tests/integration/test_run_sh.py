"""run.sh on small copies of the checkout: what it sets up, what it leaves alone, and how it says what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from tests import offline

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="run.sh needs bash")


class Copy:
    """A checkout whose lock files are empty, so that setting it up needs no network; the packages are linked in."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin, self.home = folder / "a checkout", folder / "bin", folder / "home"
        for place in (self.root / "halo_app", self.bin, self.home):
            place.mkdir(parents=True)
        shutil.copy(ROOT / "run.sh", self.root)
        shutil.copytree(ROOT / "halo_app", self.root / "halo_app", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "config.json"):
            shutil.copy(ROOT / name, self.root)
        for name in ("requirements.lock", "requirements-team.lock", "requirements-test.lock"):
            (self.root / name).write_text("")
        self.environ = {
            "PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.home), "HALO_PYTHON": sys.executable, "PIP_NO_INDEX": "1",
            "HALO_DATA_DIR": str(folder / "data"), **offline.surroundings(sysconfig.get_path("purelib")),
        }

    def program(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "run.sh"), *arguments], env=self.environ, cwd=cwd or self.home, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )

    def run(self, *arguments: str, cwd: Path | None = None) -> tuple[int, str, str]:
        process = self.start(*arguments, cwd=cwd)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    made = Copy(tmp_path_factory.mktemp("ready"))
    code, out, err = made.run("setup")
    assert (code, out) == (0, ""), err
    return made


def test_set_up_makes_the_environment_and_the_model_and_shows_each_step(ready: Copy) -> None:
    assert (ready.root / ".venv" / "bin" / "python").exists()
    assert {path.name for path in (ready.root / ".venv").glob(".halo-*")} == {".halo-app", ".halo-model", ".halo-place"}
    assert list(ready.home.glob("**/model.onnx")) or list(ready.home.glob("**/manifest.json"))


def test_set_up_again_does_nothing(ready: Copy) -> None:
    assert ready.run("setup") == (0, "", "")


def test_only_what_the_command_prints_is_on_standard_output(ready: Copy) -> None:
    (ready.root / ".venv" / ".halo-app").unlink()
    code, out, err = ready.run("cli", "--help")
    assert code == 0, err
    assert "packages" in err
    assert "packages" not in out
    assert "doctor" in out


def test_a_changed_lock_is_installed(ready: Copy) -> None:
    (ready.root / "requirements.lock").write_text("# changed\n")
    _, _, err = ready.run("setup")
    assert "installing 0 packages" in err
    assert ready.run("setup") == (0, "", "")


def test_the_test_lock_has_a_stamp_of_its_own(ready: Copy) -> None:
    code, _, err = ready.run("test", "--version")
    assert code == 0, err
    assert (ready.root / ".venv" / ".halo-test").exists()
    assert ready.run("setup") == (0, "", "")


@pytest.mark.parametrize("given", [
    {"HALO_AGENT_DB": "postgresql://db.example/halo"}, {"DATABASE_URL": "postgres://db.example/halo"}, {"REDIS_URL": "rediss://cache.example"}])
def test_the_drivers_of_a_team_are_installed_when_an_address_is_named(ready: Copy, given: dict[str, str]) -> None:
    own = ready.environ
    stamp = ready.root / ".venv" / ".halo-team"
    stamp.unlink(missing_ok=True)
    (ready.root / ".venv" / ".halo-test").unlink(missing_ok=True)      # the test lock would do
    ready.environ = own | given
    try:
        code, _, err = ready.run("setup")
        assert code == 0, err
        assert stamp.exists()
        assert ready.run("setup") == (0, "", "")
    finally:
        ready.environ = own


def test_an_address_in_the_env_file_counts_and_a_commented_one_does_not(ready: Copy) -> None:
    stamp, env = ready.root / ".venv" / ".halo-team", ready.root / ".env"
    stamp.unlink(missing_ok=True)
    (ready.root / ".venv" / ".halo-test").unlink(missing_ok=True)
    env.write_text("# REDIS_URL=redis://localhost:6379\nHALO_AGENT_DB=sqlite:///data/memory.db\n")
    assert ready.run("setup") == (0, "", "")
    assert not stamp.exists()
    env.write_text("REDIS_URL=redis://localhost:6379\n")
    code, _, err = ready.run("setup")
    env.unlink()
    assert code == 0, err
    assert stamp.exists()


def test_a_failed_set_up_goes_on_where_it_stopped(copy: Copy) -> None:
    (copy.root / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    code, out, err = copy.run("setup")
    assert (code, out) == (1, "")
    assert "installing failed" in err
    assert "it goes on where it stopped" in err
    (copy.root / "requirements.lock").write_text("")
    code, _, err = copy.run("setup")
    assert code == 0
    assert "making .venv" not in err


def test_two_at_once_wait_for_each_other(copy: Copy) -> None:
    first, second = copy.start("setup"), copy.start("setup")
    (_, err1), (_, err2) = first.communicate(timeout=120), second.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0), err1 + err2
    assert sum("making .venv" in err for err in (err1, err2)) == 1
    assert sum("waiting for it" in err for err in (err1, err2)) == 1


def until_gone(process_id: int) -> None:
    """Wait until a process has ended and was seen off by whoever took it over."""
    with pytest.raises(ProcessLookupError):
        for _ in range(400):
            os.kill(process_id, 0)
            time.sleep(0.05)


def test_stopping_it_stops_what_it_started(copy: Copy) -> None:
    copy.program("uv", f'echo $$ >{copy.home}/uv; exec sleep 60')
    process = copy.start("setup")
    assert process.stderr is not None
    while not (copy.home / "uv").exists() or not (copy.home / "uv").read_text():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode != 0
    until_gone(int((copy.home / "uv").read_text()))
    (copy.bin / "uv").unlink()
    assert copy.run("setup")[0] == 0


def test_an_old_python_is_named(copy: Copy) -> None:
    copy.program("python3.9", 'case "$1" in --version) echo "Python 3.9.1" ;; *) exit 1 ;; esac')
    copy.environ["HALO_PYTHON"] = "python3.9"
    code, _, err = copy.run("setup")
    assert code == 1
    assert err.startswith("halo: Python 3.11 or newer is needed; found only python3.9, Python 3.9.1\n")
    assert "HALO_PYTHON" in err


def test_a_python_without_venv_says_what_to_install(copy: Copy) -> None:
    copy.program("bare", f'case "$2" in *ensurepip*) exit 1 ;; *) exec {sys.executable} "$@" ;; esac')
    copy.environ["HALO_PYTHON"] = "bare"
    assert copy.run("setup")[2].startswith("halo: bare has no venv module\n")


def test_a_missing_python_is_said(copy: Copy) -> None:
    copy.environ["HALO_PYTHON"] = "no-such-python"
    assert copy.run()[2].startswith("halo: HALO_PYTHON=no-such-python is not a program\n")


def test_a_full_disk_is_seen_before_anything_is_written(copy: Copy) -> None:
    copy.program("df", 'printf "Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 100 90 20480 99%% /\\n"')
    code, _, err = copy.run("setup")
    assert code == 1
    assert "20 MB free, 1600 MB needed" in err
    assert not (copy.root / ".venv").exists()


def test_a_disk_that_fills_up_on_the_way_is_said(copy: Copy) -> None:
    copy.program("uv", "echo 'No space left on device (os error 28)'; exit 2")
    (copy.root / "requirements.lock").write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    copy.run("setup")
    full = 'case "$*" in *pip*install*) echo "[Errno 28] No space left on device"; exit 1 ;; esac'
    copy.program("python-full", f'{full}; exec {sys.executable} "$@"')
    real = copy.root / ".venv" / "bin" / "python"
    real.unlink()
    real.symlink_to(copy.bin / "python-full")
    assert "halo: the disk is full\n" in copy.run("setup")[2]


def test_uv_is_used_when_there_and_pip_when_it_fails(copy: Copy) -> None:
    copy.program("uv", f'echo "$@" >>{copy.home}/uv-calls; exit 2')
    code, _, err = copy.run("setup")
    assert code == 0
    assert (copy.home / "uv-calls").read_text().startswith("--system-certs pip install --python")
    assert "uv could not do it; trying pip" in err


def test_a_linked_environment_is_used_as_it_is(copy: Copy) -> None:
    (copy.root / ".venv").symlink_to(Path(sys.prefix))
    before = sorted(Path(sys.prefix).glob(".halo-*"))
    assert copy.run("setup") == (0, "", "")
    assert sorted(Path(sys.prefix).glob(".halo-*")) == before


def test_an_unknown_command_is_wrong_usage(copy: Copy) -> None:
    code, out, err = copy.run("fly")
    assert (code, out) == (2, "")
    assert "halo: unknown command: fly" in err
