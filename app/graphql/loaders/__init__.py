"""The batched reads behind nested fields: one file a kind of answer, each load in a short session of its own."""
