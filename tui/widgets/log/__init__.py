"""The request/response log as widgets: its list, its filter, and one exchange in detail."""
