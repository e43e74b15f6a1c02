"""Programmes and their indicators, computed from ledger and roster."""
