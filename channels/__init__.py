"""One folder per channel: `codec.py` (pure: verify, decode, encode) and `channel.py` (I/O). Channels know
nothing of each other; what they have in common is `contract` and `spoken`."""
