"""Jobs: what they are, where they are kept, what happens to them and who hears of it."""
