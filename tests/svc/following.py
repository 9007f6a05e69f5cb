# SPDX-License-Identifier: MIT
"""What the tests of a timeline service in trouble share: who hears of ann, and whether the cache has."""


def people(k, *names):
    """Accounts, the later ones following the first. Returns their tokens."""
    tokens = []
    for name in names:
        k.account(name)
        tokens.append(k.token(name))
    first = k.api("GET", "/api/v1/accounts/verify_credentials", tokens[0]).json()["id"]
    for token in tokens[1:]:
        assert k.api("POST", "/api/v1/accounts/%s/follow" % first, token).status_code == 200
    return tokens


def has_at_home(k, token, words):
    return any(words in s["content"] for s in k.home(token))


def has_caught_up(k):
    """Does the cache reflect the whole log? From then on home comes from the cache alone."""
    s = k.status()
    return s["cache"] is not None and s["cache"]["ready"] and s["cache"]["seq"] == s["newest"]


def restart_with_trouble_at_next_event(k, how, who="timeline", **env):
    """Seqs have no gaps, so the next event's is known beforehand. KWIPD_TEST_AT_EVENT: see svc/service.h."""
    seq = k.status()["newest"] + 1
    k.stop()
    k.env.update(KWIPD_TEST_AT_EVENT="%d:%s:%s" % (seq, how, who), **env)
    k.start()
    return seq


def service(k, name):
    return next(s for s in k.status()["services"] if s["name"] == name)
