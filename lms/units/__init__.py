"""Units of the union, their dated versions, counts, terms and posts."""
