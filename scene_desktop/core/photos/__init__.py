"""Photos on disk: found, decoded, kept small."""
