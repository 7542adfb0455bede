"""What can happen: every write of the domain. Named `<entity>_<verb>`, keyword-only, one transaction each."""
