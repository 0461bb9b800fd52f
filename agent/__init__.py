"""One turn of a conversation, from what the learner says to the events that the doors show."""
