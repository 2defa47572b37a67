"""Files of content/media/ as they are published: pictures without their metadata."""
