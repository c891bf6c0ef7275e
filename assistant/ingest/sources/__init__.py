"""Where records come from: files, folders, zips and streams, and their formats and encodings."""
