"""Measurements, each printed with the machine they were taken on; nothing here asserts anything."""
