"""The ears and the voice of the telephone: recognisers and synthesisers behind two ports (`ports.py`).

What a call does with words is `bot.voice`; which engine a server has, `bot.app` decides.
"""
