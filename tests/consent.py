# SPDX-License-Identifier: MIT
"""The consent page as a browser goes through it: logs in, opens the address that an app asks for, agrees."""
import html
import re
from urllib.parse import parse_qs, urlsplit

from support import log_in


def open_and_agree(k, address, jar):
    """The answer to the consent page's own form, for who is logged in by the cookies in jar."""
    page = k.get(address.removeprefix(k.url), cookies=jar)
    assert page.status_code == 200, "GET %s: %d %s" % (address, page.status_code, page.text[:300])
    form = page.text.split('action="/oauth/authorize"', 1)[1].split("</form>", 1)[0]
    fields = {html.unescape(n): html.unescape(v)
              for n, v in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)}
    return k.request("POST", "/oauth/authorize", data=dict(fields, decision="allow"), cookies=jar)


def consent(k, name, address):
    """Where the browser is sent, byte for byte; with the out-of-band redirect, the page with the code on it."""
    answer = open_and_agree(k, address, log_in(k, name)[0])
    assert answer.status_code in (200, 302, 303), (address, answer.status_code, answer.text[:300])
    return answer.headers["Location"] if "Location" in answer.headers else answer.text


def code_of(shown):
    """The code in a redirect's address, or on the page that shows it."""
    on_page = re.search(r'name="code" value="([\w-]+)"', shown)
    return on_page.group(1) if on_page else parse_qs(urlsplit(shown).query)["code"][0]
