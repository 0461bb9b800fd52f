"""Models behind LangChain's interfaces: the built-in one, and those of providers."""
