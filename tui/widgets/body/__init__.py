"""Bodies of any size as rows: JSON, text or bytes, with folds, search and differences."""
