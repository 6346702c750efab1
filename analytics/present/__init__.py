"""Numbers as text, words in two languages, answers as figures and tables."""
