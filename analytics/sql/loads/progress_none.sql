-- Progress of a fact whose states do not follow each other, an expression.
0
