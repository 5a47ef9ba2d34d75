"""Running stages over shards: resumable, atomic, bounded in memory by the shard."""
