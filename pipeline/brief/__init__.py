"""The draft report to the authority that issued the plan: facts → sentences → the officer's Word template."""
