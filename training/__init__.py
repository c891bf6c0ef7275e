"""Makes the weights that ship with the package; needs the data that they are made from."""
