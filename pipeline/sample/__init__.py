"""Illustrative submissions for 2021-Q1 and 2021-Q2: the project's own templates, filled as a unit would."""
