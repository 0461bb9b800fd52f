"""The chat: what Chainlit's callbacks do, show and keep."""
