"""Measurements of the product beside other software, and the loads that they need."""
