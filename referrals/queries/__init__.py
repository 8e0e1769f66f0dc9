"""Reading: facts and figures, slices of the tree, lists, single teachings, and what must hold of them."""
