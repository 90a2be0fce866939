"""A caller through Twilio: signs as Twilio does (with its own library), follows TwiML as it does, and hears what
is said. For tests, and for reading a call aloud."""

from __future__ import annotations

import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

from twilio.request_validator import RequestValidator

PATH = "/webhooks/twilio_voice"
TOKEN = "an-auth-token-for-tests"
HELPDESK = "+3225551234"


@dataclass
class Caller:
    """One call. `base` is where the server is, `public` what Twilio was told."""

    base: str
    public: str
    call: str
    number: str = "+32470123456"
    dialled: str = HELPDESK
    token: str = TOKEN
    said: list[str] = field(default_factory=list)
    """What was said since the caller spoke last."""
    gather: ET.Element | None = None
    record: ET.Element | None = None
    dial: ET.Element | None = None
    over: bool = False
    log: list[str] = field(default_factory=list)
    last: tuple[str, dict[str, str]] = ("", {})

    def post(
        self, url: str, form: dict[str, str], *, signature: str | None = None, call: str | None = None
    ) -> tuple[int, str]:
        """One request of Twilio's, and what it was answered."""
        form = {
            "CallSid": call or self.call, "AccountSid": "AC1", "From": self.number, "To": self.dialled,
            "CallStatus": "in-progress", "Direction": "inbound", **form,
        }  # fmt: skip
        url = urljoin(self.public + PATH + "/webhook", url)
        path = url.removeprefix(self.public)
        signed = RequestValidator(self.token).compute_signature(self.public + path, form)
        headers = {"X-Twilio-Signature": signature if signature is not None else signed}
        request = urllib.request.Request(self.base + path, urlencode(form).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ring(self) -> list[str]:
        """Call."""
        return self.go("webhook", {"CallStatus": "ringing"})

    def go(self, url: str, form: dict[str, str]) -> list[str]:
        """Ask what comes next, and do it."""
        self.last = (url, form)
        status, body = self.post(url, form)
        assert status == 200, (status, body)
        self.said, self.gather, self.record, self.dial = [], None, None, None
        self._follow(url, body, 0)
        return self.said

    def _follow(self, url: str, body: str, hops: int) -> None:
        assert hops < 30, "the call goes round in circles"
        for verb in ET.fromstring(body):
            match verb.tag:
                case "Say":
                    self._hear(verb)
                case "Gather":
                    for say in verb.iter("Say"):
                        self._hear(say)
                    self.gather = verb
                    return
                case "Redirect":
                    url = urljoin(url, verb.text or "")
                    status, body = self.post(url, {})
                    assert status == 200, (status, body)
                    self._follow(url, body, hops + 1)
                    return
                case "Record":
                    self.record = verb
                    return
                case "Dial":
                    self.dial = verb
                    return
                case "Hangup":
                    self.over = True
                    return
                case _:
                    pass  # a pause
        self.over = True  # Twilio hangs up at the end of a document

    def _hear(self, say: ET.Element) -> None:
        self.said.append(say.text or "")
        self.log.append(f"{(say.get('language') or '')[:2]} bot: {say.text}")

    def _answer(self, form: dict[str, str]) -> list[str]:
        assert self.gather is not None, self.log[-3:]
        return self.go(self.gather.attrib["action"], form)

    def says(self, words: str) -> list[str]:
        """Say something."""
        self.log.append(f"    caller: {words}")
        return self._answer({"SpeechResult": words, "Confidence": "0.91"})

    def presses(self, keys: str) -> list[str]:
        """Press keys; a hash key that ends them is not passed on."""
        self.log.append(f"    caller: [{keys}]")
        return self._answer({"Digits": keys})

    def silent(self) -> list[str]:
        """Say nothing until Twilio gives up."""
        self.log.append("    caller: (silence)")
        return self._answer({})

    def dialled_with(self, status: str, *, bridged: bool, seconds: int = 0) -> list[str]:
        """The other side of a <Dial> is done."""
        assert self.dial is not None
        self.log.append(f"    ({status})")
        form = {
            "DialCallStatus": status,
            "DialBridged": str(bridged).lower(),
            "DialCallDuration": str(seconds),
        }
        return self.go(self.dial.attrib["action"], form)

    def records(self, seconds: int, url: str) -> list[str]:
        """Leave a message."""
        assert self.record is not None
        self.log.append(f"    caller: (message of {seconds} s)")
        form = {"RecordingUrl": url, "RecordingDuration": str(seconds), "RecordingSid": "RE1"}
        return self.go(self.record.attrib["action"], form)

    def hangs_up(self, seconds: int = 61) -> None:
        """Twilio tells that the call is over."""
        self.log.append("    (hung up)")
        status, body = self.post("status", {"CallStatus": "completed", "CallDuration": str(seconds)})
        assert status == 200, body

    @property
    def heard(self) -> str:
        """All that was said since the caller spoke last."""
        return " ".join(self.said)
