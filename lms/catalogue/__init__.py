"""Courses: packages of plain text published as immutable versions."""
