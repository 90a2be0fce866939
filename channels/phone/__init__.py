"""The telephone: calls through Twilio, by media streams."""
