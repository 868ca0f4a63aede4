"""Where sign-ins and profiles outlive the session: the key store, private files, the profile file."""
