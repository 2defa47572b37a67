"""`slugline serve`: a preview that follows the editor. One process builds, again and again, and
keeps what it read between two builds; a second one watches the files and answers browsers."""
