"""From a cell as typed to a typed value; every doubt is a finding, nothing is repaired in silence."""
