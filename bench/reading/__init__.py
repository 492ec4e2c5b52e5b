"""What readers make of files with nothing told: right, wrong but said so, refused, or silently wrong."""
