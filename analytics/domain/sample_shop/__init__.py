"""One invented Kuaishou shop: from a date and a seed to the rows of its exports, with the truth about its retention tools."""
