"""What there is to say and to listen for in each language. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language; `{…}` is filled in."""

    # ── signs ──
    dot: str
    dash: str
    underscore: str
    at: str
    plus: str
    website: str
    """An address of the web; `{host}` is spoken."""
    own_website: str
    """An address of the helpdesk's own."""
    then: str
    """Between the parts of a way through menus: Settings > Network."""
    letters: Mapping[str, str]
    """Abbreviations and units, longest first, with what is said for them."""
    tens: tuple[str, ...]
    """The numbers 0 to 20, then 30, 40 … 90."""
    ticket: tuple[str, ...]
    """Words after which a number is a ticket's."""

    # ── choices ──
    say: str
    choice: str
    last: str
    """`choice` for the last of several."""
    only: str
    """Where there is one."""
    scores: str
    many: str
    keys: str
    """How a number may be keyed in."""

    # ── the call ──
    greeting: str
    """Where the pack has no `utter_call_greeting`."""
    language: str
    """The offer of this language; `{key}` is the key to press."""
    of_language: tuple[str, ...]
    """How this language is asked for, in any language."""
    person: str
    """What somebody wants who presses 0."""
    one_moment: str
    still_busy: str
    too_slow: str
    waits: tuple[str, ...]
    """How the line is asked to wait; it is all that is said."""
    goes_on: frozenset[str]
    """After these words somebody goes on."""
    murmured: frozenset[str]
    """What people murmur while they listen; it is no attempt to speak."""
    not_heard: str
    are_you_there: str
    take_your_time: str
    nothing_heard: str
    still_waiting: str
    """No person is free yet."""
    on_hold: str
    person_gone: str
    nobody_free: str
    """The end of waiting for a person, where the call came out of a chat."""
    ticket_stays: str
    call_again: str
    goodbye: str
    add_more: str
    connecting: str
    nobody: str
    leave: str
    leave_hints: tuple[tuple[str, ...], tuple[str, ...]]
    """What is said for a message, and for a call back."""
    record: str
    recorded: str
    not_recorded: str
    added: str
    confirm_number: str
    ask_number: str
    call_back: str
    no_number: str
    after_person: str
    whisper: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    choices: tuple[str, ...]
    """What is said to hear all the choices."""
    numerals: tuple[str, ...]
    """One to nine, as a choice is named."""
    hints: tuple[str, ...]
    """What callers often say, for a recogniser that takes hints."""

    # ── notes for agents ──
    note_hung_up: str
    note_ended: str
    note_silence: str
    note_answered: str
    note_not_answered: str
    note_accepted: str
    note_recording: str
    note_call_back: str
    note_slow: str


def one_by_one(written: str) -> frozenset[str]:
    """Words of a list that is written with spaces."""
    return frozenset(written.split())
