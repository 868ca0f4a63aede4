"""Step 1: the sign-in form, and the page of a sign-in with the browser."""
