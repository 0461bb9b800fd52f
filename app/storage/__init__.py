"""Where the bytes of documents and pages are kept."""
