"""Owns who may come in: the sign-in services of both generations, their pages, codes and tokens."""
