"""Pages: roles."""
