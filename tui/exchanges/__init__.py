"""The raw request/response log: recorded at the transport, redacted at birth."""
