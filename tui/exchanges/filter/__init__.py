"""The filter language of the log: read, completed, and asked of memory or of kept rows."""
