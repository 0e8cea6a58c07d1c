"""The words of telephony as plain Python values: no I/O, no SQL, no GraphQL.

Everything above speaks these types: a vendor's `wire` makes them, `sync` saves them, `store` keeps them and
`graphql` shows them. A value that may be missing is `None`, and the field's text says why it may be.
A field's text is the string inside its `Annotated[...]`; the graph shows the same text to its users.
"""
