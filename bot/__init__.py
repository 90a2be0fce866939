"""The conversation: what is said, decided, stored and delivered."""
