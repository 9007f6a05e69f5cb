# SPDX-License-Identifier: MIT
"""What all black-box tests share: fixtures that start a real kwipd (see kwipd.py)."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import witness  # noqa: E402
from kwipd import BIN, Kwipd  # noqa: E402


def pytest_sessionstart(session):
    if not os.access(BIN, os.X_OK):
        pytest.exit("no kwipd at %s: run make first, or name one by KWIPD_BIN" % BIN, returncode=2)


@pytest.fixture(autouse=True)
def no_complaints():
    """No witness (witness.py) may have anything to say of what this test did."""
    witness.COMPLAINTS.clear()
    yield
    said = witness.COMPLAINTS[:]
    witness.COMPLAINTS.clear()
    assert not said, "\n".join(said[:20])


@pytest.fixture
def kwipd():
    """A server of this test's own, running."""
    with Kwipd() as k:
        yield k


@pytest.fixture(scope="module")
def shared():
    """One server for all tests of a module; they must not mind each other's people."""
    with Kwipd() as k:
        yield k


@pytest.fixture
def make_kwipd():
    """Kwipd(...) with settings of one's own, closed at the end of the test."""
    made = []

    def make(**options):
        made.append(Kwipd(**options))
        return made[-1]

    yield make
    for k in made:
        k.close()
