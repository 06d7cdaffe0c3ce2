"""Who reaches what, over every address, and what each of them reads there."""
