"""The records that editors write, field by field: types, defaults and help texts."""
