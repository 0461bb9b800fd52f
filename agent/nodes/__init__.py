"""The steps of a turn; the graph says which follows which."""
