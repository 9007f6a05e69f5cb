# SPDX-License-Identifier: MIT
"""The unit that `make install` puts in place, read by systemd's own checker."""
import shutil
import subprocess

import os
import pytest

from kwipd import BIN, ROOT


def test_the_unit_is_one_that_systemd_understands(tmp_path):
    checker = shutil.which("systemd-analyze")
    if not checker:
        pytest.skip("no systemd-analyze here")
    (tmp_path / "bin").mkdir()
    os.symlink(BIN, tmp_path / "bin" / "kwipd")
    with open(os.path.join(ROOT, "docs", "kwipd.service")) as f:
        text = f.read()
    assert "@PREFIX@" in text
    unit = tmp_path / "kwipd.service"
    unit.write_text(text.replace("@PREFIX@", str(tmp_path)))
    done = subprocess.run([checker, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60)
    about = [line for line in (done.stdout + done.stderr).splitlines() if "kwipd" in line]
    assert not about and done.returncode == 0, done.stderr
    # It does see mistakes.
    unit.write_text(unit.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    done = subprocess.run([checker, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60)
    assert "ProtectHouse" in done.stderr
