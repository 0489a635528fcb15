"""Reads the parts of an API description into the values of model.py, whatever version it is written in."""
