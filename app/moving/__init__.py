"""A library moves from a data folder to the services that are configured, under another learner."""
