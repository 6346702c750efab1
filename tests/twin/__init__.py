"""The slow, boring second opinion: the whole account again, in plain loops, from the same rules and from nobody's code."""
