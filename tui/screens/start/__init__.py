"""Step 4: the form of a start, its question, and the search for one whose answer was lost."""
