"""The telephone, pure: what a call does next, when a turn ends, what keys mean, how a text sounds."""
