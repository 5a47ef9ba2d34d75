"""A hub on this machine that speaks the Hub's HTTP interface, for publishing without the Hub."""
