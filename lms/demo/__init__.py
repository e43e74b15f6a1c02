"""The sample federation of the demo: a northern mountain province, its unions and people, all of them invented."""
