"""Photos on their way into a training: which, how split, their pixels and features, cached."""
