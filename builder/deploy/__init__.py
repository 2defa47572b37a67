"""output/ -> the world: a plan of what will change, guards that read it, and an order in which no
reader ever gets half a site. One file for each kind of target."""
