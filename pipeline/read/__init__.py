"""From a file to raw tables: plain Python values with the addresses they came from, no pandas."""
