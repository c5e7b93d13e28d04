"""Data moves one way: plan and inbox → collect → read → validate → merge → assess → write."""

__version__ = "0.1.0"
