"""The words of the house: plain values, standard library only."""
