"""The web edge: the only place that knows Flask and WTForms."""
