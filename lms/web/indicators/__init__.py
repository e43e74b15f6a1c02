"""Pages: indicators."""
