"""English: calls at the desk."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "call.title": "Phone call",
    "call.on_line": "The customer is on the line",
    "call.talking": "Somebody is talking with the customer",
    "call.answer": "Answer",
    "call.calling": "Connecting… Allow the microphone if your browser asks.",
    "call.on": "On the call",
    "call.muted": "On the call, your microphone is off",
    "call.held": "The customer is on hold",
    "call.over": "The call has ended",
    "call.lost": "Your line was lost; the customer is still waiting. Answer again.",
    "call.microphone": "No microphone. Allow it in your browser and answer again.",
    "call.taken": "A colleague has this conversation already",
    "call.gone": "The customer is no longer on the line",
    "call.unavailable": "Answering did not work. Try again.",
    "call.mute": "Microphone off",
    "call.hold": "Hold",
    "call.hang_up": "Hang up",
    "call.badge": "On the line",
    "keys.answer": "Answer the call",
}
