"""The training ledger (sổ bồi dưỡng): the one place that says somebody was trained."""
