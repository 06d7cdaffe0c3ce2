"""Seasons as data: check a folder, load it, take other people's reviews in, write it out."""
