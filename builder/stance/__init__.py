"""The stance that a quotation expresses toward a target, and which values people should look at."""
