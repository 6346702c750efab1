"""How fast the program is: one script a promise, ratios of two sides measured in the same run."""
