"""What every table of the product is. Nothing here reads, writes or computes; nothing here imports pipeline."""
