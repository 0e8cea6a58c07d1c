"""The ready-made statistics in the graph: lists of contacts and agents, summaries, and activity by the clock."""
