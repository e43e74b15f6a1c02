"""Audit trail: what was done officially, by whom, sealed into a hash chain."""
