"""Pages for people: self-contained HTML without scripts, pictures inside, light and dark."""
