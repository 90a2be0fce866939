"""Routine tests that the bot runs by itself."""
