"""The engine of closed-loop evaluation of driving: roads, scenarios, and the world on them."""
