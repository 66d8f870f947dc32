"""People: who may sign in, what they may do in which pool, their sessions and drafts. Holds no money and no books."""
