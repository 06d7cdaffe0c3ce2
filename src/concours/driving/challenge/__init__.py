"""The driving challenge as data: maps, training scenarios, and sealed ones from a seed."""
