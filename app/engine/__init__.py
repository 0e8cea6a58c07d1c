"""The compiled execution of a query: an operation becomes a plan once, and every later request runs the plan.

Decisions:
- The engine knows no noun by name. It reads how fields are had (`declared`), and what it does not know it refuses: the
  operation then runs on graphql-core with the loaders, the reference path.
- It answers nothing but success. Whatever is wrong (a variable that does not coerce, a null where none may be, an error
  of the store) is a Surprise: the reference path answers anew, so that errors, paths and nulls are graphql-core's.
- A plan belongs to a document, an operation, its @skip/@include variant and what the viewer may see; a statement to a
  plan and the shape of its arguments, with slots for ids and instants (see store.slots).
- Rows become msgspec structs in generated functions, one list comprehension a level, and bytes once.
"""
