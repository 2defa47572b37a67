"""The desk's forms: everything in a preview that writes."""
