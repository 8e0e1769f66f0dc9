"""The demonstration city: invented people on realistic tree shapes, made by one seed."""
