"""Pure functions of (facts, plan, as_of): no clock, no input or output. Every judgement carries its basis."""
