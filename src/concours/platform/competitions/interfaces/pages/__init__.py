"""The pages of competitions, one file a place that people go to."""
