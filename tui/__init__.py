"""What a person touches: the command line, the screens, the keys and the languages."""
