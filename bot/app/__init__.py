"""The composition root: settings, logging, the command line, and the one place where parts meet."""
