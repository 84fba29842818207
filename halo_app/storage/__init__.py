"""What must survive a restart: atomic JSON documents, originals, texts, locks and SQL."""
