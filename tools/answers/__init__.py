"""Comparing what a learner said with what is right; the kinds of questions put their marks together from this."""
