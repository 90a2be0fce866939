"""The REST channel, answering as Rasa's does."""
