"""Questions of a learner's own books: written, checked, marked and kept apart."""
