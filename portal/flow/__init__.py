"""The journey: steps as objects, their order, and the one view that dispatches to them."""
