"""What the agent can do and what both sides share."""
