"""One upload, from bytes to index."""
