"""Secrets are taken out of exchanges: before anything is kept, and afterwards where one is learned late."""
