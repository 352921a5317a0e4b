"""What we call: files, stores, decoders."""
