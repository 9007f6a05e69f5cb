# SPDX-License-Identifier: MIT
"""The apps that people have, from the server's name to a home that lives: every request as the app sends it, every answer
taken as strictly as the app takes it. The tables are in boot_apps.py; each row is a test."""
import pytest

from app_models import IceCubes, Tusky, Wrong, decode
from boot_apps import APPS
from boots import Boot, World
from kwipd import Kwipd

ROWS = [(app, i, row.name) for app, (_, table) in APPS.items() for i, row in enumerate(table)]


@pytest.fixture(scope="module")
def runs():
    """Plays an app's whole table when its first row is asked for; what went wrong, by row."""
    done = {}
    with Kwipd() as k:
        world = World(k)

        def run(app):
            if app not in done:
                how, table = APPS[app]
                boot = Boot(world, **how)
                done[app] = [play(boot, row) for row in table]
            return done[app]

        yield run


def play(boot, row):
    try:
        boot.play(row)
    except (AssertionError, KeyError, IndexError, OSError, EOFError) as e:
        return "%s: %s" % (type(e).__name__, e) if not isinstance(e, AssertionError) else str(e) or repr(e)


@pytest.mark.parametrize("app,i,name", ROWS, ids=["%s-%02d %s" % (app, i, name.split("?")[0]) for app, i, name in ROWS])
def test_boot(runs, app, i, name):
    wrong = runs(app)[i]
    if wrong:
        pytest.fail("%s: %s: %s" % (app, name, wrong), pytrace=False)


@pytest.mark.parametrize("model,change,path", [
    (Tusky.ATTACHMENT, {"url": None}, "$.url is null"),
    (Tusky.PUSH, {"id": "7"}, "$.id: '7' is no int32"),
    (IceCubes.INSTANCE["thumbnail"], {"url": ""}, "$.url: '' is no address"),
    (IceCubes.TOKEN, {"created_at": "1"}, "$.created_at: '1' is no number"),
])
def test_the_decoders_refuse(model, change, path):
    good = {"id": 7, "endpoint": "e", "server_key": "k", "url": "https://x.example/", "type": "image", "access_token": "t",
            "token_type": "Bearer", "scope": "read", "created_at": 1}
    if model is Tusky.ATTACHMENT:
        good["id"] = "7"
    decode(model, good)
    with pytest.raises(Wrong) as e:
        decode(model, dict(good, **change))
    assert str(e.value) == path
