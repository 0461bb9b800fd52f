"""Copies of everything that a learner would miss, and the way back from them."""
