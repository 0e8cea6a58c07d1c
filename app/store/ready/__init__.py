"""The ready-made statistics: each a statement over the calls that a filter selects."""
