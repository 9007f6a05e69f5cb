# SPDX-License-Identifier: MIT
"""What apps send and is not there is refused in words, never dropped: a post must not go out without its
picture. Beside tests/api, which holds the entities."""

def refusal(answer, status):
    assert answer.status_code == status and answer.headers["Content-Type"].startswith("application/json"), answer.text
    return answer.json()["error"]


def test_refused(shared):
    shared.account("nomedia")
    token = shared.token("nomedia")
    form = {"status": "hello", "media_ids[]": "1"}
    assert "no such media" in refusal(shared.api("POST", "/api/v1/statuses", token, data=form), 422)
    assert shared.api("GET", "/api/v1/timelines/home", token).json() == []


def test_empty_ones_do_no_harm(shared):
    """What clients send when nothing is attached."""
    shared.account("plain")
    body = {"status": "hello", "media_ids": [], "poll": None, "scheduled_at": None, "in_reply_to_id": None, "language": None}
    answer = shared.api("POST", "/api/v1/statuses", shared.token("plain"), json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["media_attachments"] == [] and answer.json()["poll"] is None


def test_lookup_takes_every_spelling_of_a_local_name(shared):
    shared.account("findme")
    host = shared.url.split("//")[1]
    for acct in ("findme", "@findme", "FindMe", "findme@" + host, "@findme@" + host):
        answer = shared.api("GET", "/api/v1/accounts/lookup", params={"acct": acct})
        assert answer.status_code == 200 and answer.json()["acct"] == "findme", acct
    for acct in ("@", "@@", "findme@elsewhere.example"):
        refusal(shared.api("GET", "/api/v1/accounts/lookup", params={"acct": acct}), 404)
