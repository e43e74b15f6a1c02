"""Learner groups and populations: rules over posts and units, evaluated on a date."""
