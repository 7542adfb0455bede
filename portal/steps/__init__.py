"""The steps, one file each: the step and its form."""
