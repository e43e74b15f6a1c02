"""E-learning and training delivery for trade-union cadres."""

__version__ = "0.1.0"
