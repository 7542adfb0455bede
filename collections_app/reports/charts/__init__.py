"""Charts as vector drawings, made from the reports' own figures: no script, no style sheet, no picture."""
