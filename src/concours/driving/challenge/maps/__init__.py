"""The challenge's maps, drawn here and written as OpenDRIVE."""
