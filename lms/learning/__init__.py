"""Enrolment, progress, tests and completion."""
