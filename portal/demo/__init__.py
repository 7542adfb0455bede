"""`make demo`: a portal, its worker and a sandbox gateway on this machine, ready to be walked through."""
