"""Writing, solving and marking questions with a chat model; what it says is checked before it counts."""
