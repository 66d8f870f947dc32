"""The least that the same work can cost: short programs on the standard library that do no more than they must."""
