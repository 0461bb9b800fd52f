"""Learners to be in a test."""

from tools.types import Learner

ADA, BOB, EVE = Learner("ada"), Learner("bob"), Learner("eve")
