"""Changes files of content/ and site.yaml: new records, merged names.
The only room that writes content; every change is atomic."""
