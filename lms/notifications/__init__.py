"""Notifications: mail, sent by jobs."""
