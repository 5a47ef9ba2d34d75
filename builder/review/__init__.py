"""People's decisions: reading them, following the quotations they are about, settling disagreement."""
