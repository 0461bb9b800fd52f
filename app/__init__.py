"""The shell: what the core needs from outside, and the doors to it."""
