"""The web chat: a WebSocket that the widget speaks."""
