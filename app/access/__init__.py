"""Who asks: tokens and their secrets, the viewer of a request, and what they may spend."""
