"""People who wait for somebody to teach them: ask, take, give back."""
