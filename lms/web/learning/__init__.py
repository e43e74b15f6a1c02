"""Pages: learning."""
