"""What routine tests and outages may look like in a pack, and how mistakes are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.config import ChecksForm, is_host, load_checks
from bot.checks.outages import OutageList, load_outages
from bot.checks.run import Checks
from bot.model.errors import ContentError
from tests.checking import DATA, WORDS, one

ODD = ["", "a b", "a\nb", "x" * 64, "a." * 200, "a\0b"]
ODD += [
    "-oProxyCommand=id",
    "--help",
    "a;id",
    "$(id)",
    "`id`",
    "a|b",
    "a&b",
    "host/path",
    "a@b",
    "http://x",
    "2130706433",
    "127.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "a..b",
    ".a",
    "host:80",
    "é.be",
    "a_b",
    "%2e",
]


@pytest.mark.parametrize("host", ODD)
def test_odd_hosts_do_not_load(host: str) -> None:
    assert not is_host(host)
    with pytest.raises(ValueError, match="host"):
        one("reachability", host=host)


@pytest.mark.parametrize(
    "host", ["www.example.org", "localhost", "a-b.c1.be", "93.184.216.34", "2001:db8::1", "xn--caf-dma.be."]
)
def test_usual_hosts_load(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "//x/", "http://u:p@x.be/", "http:///x", "ftp://x.be/"]
)
def test_odd_urls_do_not_load(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        one("http", url=url)


@given(st.text(max_size=80))
def test_no_text_breaks_the_host_grammar(text: str) -> None:
    assert is_host(text) in (True, False)


# The pack's files


def test_the_shipped_policy_loads() -> None:
    policy = load_checks((DATA / "policy" / "checks.yml").read_text("utf-8"))
    kinds = [policy.checks[name].kind for name in policy.for_intent("internet_down")]
    assert kinds == ["outages", "name_resolution", "reachability", "http", "tls"]
    assert all({"nl", "fr", "en"} <= check.label.keys() for check in policy.checks.values())
    assert not any(target.internal for target in policy.targets.values())
    assert load_outages((DATA / "policy" / "outages.yml").read_text("utf-8")) == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("targets:\n  it:\n    host: -x\nwords: {ok: {}, failed: {}}", 2, "neither a host name"),
        ("targets:\n  it: {url: ftp://x/}\nwords: {ok: {}, failed: {}}", 2, "http://"),
        ("checks:\n  a:\n    kind: ping\n    label: {nl: x}\nwords: {ok: {}, failed: {}}", 3, "kind"),
        (
            "checks:\n  a: {kind: tls, target: b, label: {nl: x}}\nwords: {ok: {}, failed: {}}",
            2,
            "no target 'b'",
        ),
        ("words: {ok: {}, failed: {}}\nintents:\n  x: [nothing]", 3, "no check 'nothing'"),
        ("words: {ok: {}, failed: {}}\nextra: 1", 2, "extra"),
        ("words: [", 2, "not YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_checks(text)
    problem = caught.value.problems[0]
    assert said in str(problem)
    assert problem.line == line


OUTAGE = """outages:
  - id: mail-down
    since: 2027-01-15 08:00
    until: 2027-01-15 12:00
    intents: [email_not_working]
    text: {nl: De mail ligt plat., en: Mail is down.}
"""
MOMENT = 1_800_000_000.0  # 2027-01-15 08:00 UTC, 09:00 in Brussels


async def test_outages_are_known_while_they_go_on_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "outages.yml"
    now = [MOMENT]
    outages = OutageList(path, lambda: now[0])
    assert outages.active() == []
    path.write_text(OUTAGE, "utf-8")
    assert [outage.id for outage in outages.active("email_not_working")] == ["mail-down"]
    assert outages.active("email_not_working")[0].text("fr") == "De mail ligt plat."
    assert outages.active("wifi_problem") == []
    policy = ChecksForm.model_validate(
        {"checks": {"known": {"kind": "outages", "label": {}}}, "words": WORDS}
    )
    checks = Checks(policy, outages)
    found = await checks.check("known", "email_not_working")
    assert (found.ok, found.found) == (False, "mail-down")
    assert (await checks.check("known", "wifi_problem")).ok
    path.write_text("outages: nonsense", "utf-8")
    assert [outage.id for outage in outages.active()] == ["mail-down"]
    now[0] += 4 * 3600
    assert outages.active() == []
    path.unlink()
    assert outages.active() == []


def test_outages_that_are_wrong_are_named() -> None:
    with pytest.raises(ContentError, match="later than 'since'"):
        load_outages(OUTAGE.replace("12:00", "07:00"))
