"""Drafts of letters to units as .eml files: facts in, files out. Nothing is sent and no connection is opened."""
