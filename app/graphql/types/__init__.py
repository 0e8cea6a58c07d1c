"""The types of the graph, one file each: the fields, how each is had, and what it says."""
