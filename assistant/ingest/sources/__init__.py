"""Where records come from: files, folders, archives, streams, and in which encoding."""
