"""The world: entities that move on roads as a scenario tells them."""
