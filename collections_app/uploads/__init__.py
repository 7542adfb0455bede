"""What may be uploaded: names, kinds, archives, viruses. Nothing here stores anything."""
