"""Who asks: the viewer of a request, and what of the store they reach."""
