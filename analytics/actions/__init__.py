"""One function for each thing an operator can do; pages and the command line call the same ones."""
