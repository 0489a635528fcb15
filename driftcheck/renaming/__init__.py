"""Which names are the same thing: words, likeness of names, and the best one-to-one pairing."""
