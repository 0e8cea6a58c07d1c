"""The only SQL in the house, the same text on SQLite, PostgreSQL and Citus.

Decisions that are hard to reverse:
- Every table begins with `workspace_id`, and so do its keys and indexes: it is what a distributed engine splits by.
- Ids are UUIDv7 as text; instants are BIGINT epoch milliseconds; what one vendor alone knows is the JSON `details`.
- What a call is filtered by, and can be several of (queues, services, references), is a row of `call_labels`.
- Partial numbers and free text are found by range scans over `number_suffixes` and `words`, which any engine indexes
  alike; neither trigram nor full-text extensions are needed, and both engines give the same answer.
- `line_suffixes` and `start_lags` say where calls may be, perhaps too much, never too little: whoever writes the numbers or
  instants of a call adds to them in the same transaction. `word_pairs` has any two words of a contact, exactly: whoever writes
  a contact's words writes its pairs. A name's words are its contact's; a call has those alone that its contact lacks, and whoever
  renames a contact leaves it the others (see `former_names`).
- Text that is compared or sorted has the "C" collation on PostgreSQL, which is SQLite's own order.
- A function that reads or writes takes a connection and the viewer's `Scope` first; transactions belong to callers.
"""
