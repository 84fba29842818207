"""What must survive a restart: JSON records, originals, texts and the memory database, each written whole or not at all."""
