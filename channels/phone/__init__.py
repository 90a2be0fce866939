"""The telephone: calls through Twilio, by its own ears and voice (`gather`) or by ours (`stream`)."""
