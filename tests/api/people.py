# SPDX-License-Identifier: MIT
"""A server with people that a test makes as it needs them."""
from entities import check_error

VERIFY = "/api/v1/accounts/verify_credentials"


class Site:
    def __init__(self, k):
        self.k, self.n = k, 0

    def person(self):
        """(token, id) of somebody new."""
        self.n += 1
        self.k.account("p%d" % self.n)
        token = self.k.token("p%d" % self.n)
        return token, self.get(VERIFY, token)["id"]

    def call(self, method, path, token=None, **options):
        answer = self.k.api(method, path, token, **options)
        assert answer.status_code == 200, (method, path, answer.status_code, answer.text[:300])
        assert answer.headers["Content-Type"].startswith("application/json")
        return answer

    def get(self, path, token=None, **query):
        return self.call("GET", path, token, params=query).json()

    def post(self, path, token, **body):
        return self.call("POST", path, token, json=body).json()

    def put(self, path, token, **body):
        return self.call("PUT", path, token, json=body).json()

    def delete(self, path, token, **body):
        answer = self.call("DELETE", path, token, json=body)
        assert answer.json() == {}, "nothing to say is {}"

    def fails(self, status, method, path, token=None, **body):
        """The sentence of an error."""
        return check_error(self.k.api(method, path, token, **({"json": body} if body else {})), status)

    def follow(self, who, whom, **how):
        return self.post("/api/v1/accounts/%s/follow" % whom, who, **how)

    def ids(self, path, token=None, **query):
        return [s["id"] for s in self.get(path, token, **query)]

    def pages(self, path, token, **query):
        """All pages of a list, by its Link headers; the last one without a next."""
        url = path
        while url:
            answer = self.call("GET", url, token, params=query)
            yield answer.json()
            url = answer.links["next"]["url"].removeprefix(self.k.url) if "next" in answer.links else None
            query = {}

    def say(self, token, text, **more):
        return self.k.say(token, text, **more)["id"]
