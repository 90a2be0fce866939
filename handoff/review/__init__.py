"""The teams' pages: what was said, what was understood of it, and why the bot did what it did."""
