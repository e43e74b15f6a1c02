"""Learner groups: rules over posts and units on a date."""
