"""The scenario engine: what the pack says, what a turn means, what happens next. Pure, no I/O."""
