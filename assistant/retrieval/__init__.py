"""Finding passages: what is asked, where it stands, in which order."""
