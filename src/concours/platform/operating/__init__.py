"""What operators see of a running installation: health, metrics, logs, and whose word it takes."""
