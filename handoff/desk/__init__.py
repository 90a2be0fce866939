"""The agents' pages: who waits, one conversation with its ticket, and what an agent may do with it."""
