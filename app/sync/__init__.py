"""The way in: files are cut into payloads, and every payload, however it came, is saved by `ingest`."""
