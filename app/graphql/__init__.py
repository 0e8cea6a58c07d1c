"""The typed graph: Strawberry types over declarations that say how each field is had.

A type of the graph is one file in `types/`. Its fields are made by `declare`: a column, a value of the JSON details, a
to-one relation, a short list, a connection, or a computation over columns. Resolvers and loaders come from that
declaration, and whatever else executes a query can read it from the field's metadata. No file here holds SQL.
"""
