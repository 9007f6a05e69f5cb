# SPDX-License-Identifier: MIT
"""The supervisor: restarts alone what died, leaves no orphan, stops quickly, speaks systemd's protocol."""
import os
import signal
import socket
import time

import pytest

from kwipd import Kwipd, is_alive, wait_for


def answers(k):
    try:
        return k.get("/healthz", timeout=1).status_code == 200
    except OSError:
        return False


def new_pid(k, name, old):
    got = k.pids().get(name)
    return got if got and got != old else None


@pytest.mark.parametrize("name", ["web", "timeline"])
def test_a_dead_service_comes_back_alone(kwipd, name):
    before = kwipd.pids()
    os.kill(before[name], signal.SIGKILL)
    new = wait_for(lambda: new_pid(kwipd, name, before[name]), 1)
    assert wait_for(lambda: answers(kwipd), 1)
    after = kwipd.pids()
    assert after.pop(name) == new
    before.pop(name)
    assert after == before
    assert next(s for s in kwipd.status()["services"] if s["name"] == name)["restarts"] == 1


def test_no_connection_is_refused_while_web_is_reborn(kwipd):
    for _ in range(5):
        os.kill(kwipd.pids()["web"], signal.SIGKILL)
        # The supervisor holds the listener, so this one waits in the queue for the next web.
        with socket.create_connection(("127.0.0.1", kwipd.port), 2) as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try:
                first = s.recv(100)
            except ConnectionResetError:
                continue  # it was taken by the one that died
            assert first == b"" or first.startswith(b"HTTP/1.1 200")
        assert wait_for(lambda: answers(kwipd), 2)


def test_restarts_back_off(kwipd):
    """Early deaths in a row: the first is answered at once, later ones wait longer and longer."""
    waits = []
    for _ in range(5):
        pid = wait_for(lambda: kwipd.pids().get("timeline"), 5)
        begun = time.monotonic()
        os.kill(pid, signal.SIGSEGV)
        wait_for(lambda: new_pid(kwipd, "timeline", pid), 10)
        waits.append(time.monotonic() - begun)
    assert waits[0] < 0.3 and waits[4] > 0.4, waits
    assert answers(kwipd)
    assert "starting again in 400 ms" in kwipd.log


def test_a_crash_is_one_log_line(kwipd):
    os.kill(kwipd.pids()["timeline"], signal.SIGSEGV)
    kwipd.wait_log(r"crashed by signal 11.*svc=timeline")


def test_kill_of_the_supervisor_leaves_no_orphan(make_kwipd):
    k = make_kwipd()
    pids = k.pids()
    os.kill(pids["timeline"], signal.SIGSTOP)  # not even a stopped one
    k.process.kill()
    k.process.wait()
    wait_for(lambda: not any(is_alive(p) for p in pids.values()), 2)
    k.start()
    assert answers(k)


def test_sigterm_ends_everything_within_a_second(make_kwipd):
    k = make_kwipd()
    pids = k.pids()
    code, took = k.stop()
    assert code == 0 and took < 1
    assert not any(is_alive(p) for p in pids.values())


def test_sigint_too_and_with_a_stopped_service(make_kwipd):
    k = make_kwipd()
    os.kill(k.pids()["timeline"], signal.SIGSTOP)
    begun = time.monotonic()
    k.process.send_signal(signal.SIGINT)
    assert k.process.wait(5) == 0
    assert time.monotonic() - begun < 1


def test_stop_waits_for_no_silent_client(make_kwipd):
    k = make_kwipd()
    silent = [socket.create_connection(("127.0.0.1", k.port)) for _ in range(20)]
    half = socket.create_connection(("127.0.0.1", k.port))
    half.sendall(b"POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nstatus=")
    time.sleep(0.1)
    code, took = k.stop()
    assert code == 0 and took < 1
    for s in silent + [half]:
        s.close()


def test_a_stopped_service_is_left_alone(kwipd):
    pid = kwipd.pids()["timeline"]
    os.kill(pid, signal.SIGSTOP)
    time.sleep(0.2)
    assert answers(kwipd) and kwipd.pids()["timeline"] == pid
    os.kill(pid, signal.SIGCONT)


def test_one_supervisor_per_folder(kwipd):
    with Kwipd(dir=kwipd.dir, start=False) as second:
        second.start(wait=False)
        assert second.process.wait(5) == 1
        second.reader.join(2)
        assert "another kwipd" in second.log
    assert answers(kwipd)


def test_address_in_use(kwipd):
    with Kwipd(start=False) as second:
        second.port = kwipd.port
        second.start(wait=False)
        assert second.process.wait(5) == 1
        second.reader.join(2)
        assert "in use" in second.log
    assert answers(kwipd)


def test_setup_link_on_an_empty_folder_only(make_kwipd):
    k = make_kwipd()
    assert k.wait_log(r"%s/setup/[A-Za-z0-9_-]{43}" % k.url)
    k.account("ann", "--admin")
    k.restart()
    assert "/setup/" not in k.log


def test_sighup_takes_new_settings(tmp_path, make_kwipd):
    conf = tmp_path / "kwipd.conf"
    conf.write_text("name = First name\n")
    k = make_kwipd(args=["-c", str(conf)])
    title = lambda: k.api("GET", "/api/v2/instance").json()["title"]
    assert title() == "First name"
    supervisor = k.pids()["kwipd"]
    conf.write_text("name = Second name\n")
    k.process.send_signal(signal.SIGHUP)
    k.wait_log("settings read again")

    def is_second():
        try:
            return title() == "Second name"
        except OSError:
            return False
    wait_for(is_second, 3)
    conf.write_text("nonsense = 3\n")
    k.process.send_signal(signal.SIGHUP)
    k.wait_log("stays as it was")
    assert title() == "Second name" and k.pids()["kwipd"] == supervisor


def test_systemd_is_told(tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(path)
        s.settimeout(5)
        with Kwipd(env={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"}) as k:
            got = ""
            while "READY=1" not in got:
                got += s.recv(4096).decode() + "\n"
            assert answers(k)
            begun, beats = time.monotonic(), 0
            while time.monotonic() - begun < 1:
                beats += "WATCHDOG=1" in s.recv(4096).decode()
            assert beats >= 4
            code, took = k.stop()
            assert code == 0 and took < 1
        rest = ""
        s.setblocking(False)
        try:
            while True:
                rest += s.recv(4096).decode() + "\n"
        except BlockingIOError:
            pass
        assert "STOPPING=1" in rest


def test_services_see_no_notify_socket(make_kwipd, tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind(path)
        k = make_kwipd(env={"NOTIFY_SOCKET": path})
        with open("/proc/%d/environ" % k.pids()["web"], "rb") as f:
            assert b"NOTIFY_SOCKET" not in f.read()


def test_files_are_for_their_owner_only(kwipd):
    for folder, _, files in os.walk(kwipd.dir):
        for name in files:
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name


def test_start_to_first_answer_is_quick(make_kwipd):
    k = make_kwipd()
    k.stop()
    times = []
    for _ in range(5):
        begun = time.monotonic()
        k.start(wait=False)
        wait_for(lambda: answers(k), 5, 0.001)
        times.append(time.monotonic() - begun)
        k.stop()
    assert sorted(times)[2] < 0.15, times  # measured exactly by the bench; this only notices a sleep


def test_deaths_at_one_event_are_counted(kwipd):
    """The board remembers which event was in hand; only deaths in a row at the same one add up."""
    slot = 80 + 120  # struct board: the second service's place
    with open(os.path.join(kwipd.dir, "run", "board"), "r+b", buffering=0) as board:
        def word(offset, size, value=None):
            board.seek(slot + offset)
            if value is not None:
                board.write(value.to_bytes(size, "little"))
            else:
                return int.from_bytes(board.read(size), "little")
        assert word(0, 8) == int.from_bytes(b"timeline", "little")

        def die_at(event):
            pid = wait_for(lambda: kwipd.pids().get("timeline"), 5)
            os.kill(pid, signal.SIGSTOP)
            word(48, 8, event)
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: new_pid(kwipd, "timeline", pid), 5)
            return word(56, 8), word(64, 4)
        assert die_at(77) == (77, 1)
        assert die_at(77) == (77, 2)
        assert die_at(0) == (77, 2)
        assert die_at(78) == (78, 1)
