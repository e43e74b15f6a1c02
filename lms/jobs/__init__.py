"""Jobs: slow work queued in the caller's own transaction."""
