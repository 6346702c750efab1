"""What would change if: the account of a period priced again under other costs and rates, in named steps, with ranges."""
