"""From an operator's file to clean typed rows and everything that is wrong with the rest."""
