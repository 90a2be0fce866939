"""Natural-language understanding: language, intent and entities of what a customer says.

`train.train` makes a model file from a pack's `nlu/` folder, `train.load` gives a `pipeline.Pipeline`
that reads messages. It is synchronous and only computes: whoever calls it keeps it off the event loop.
"""
