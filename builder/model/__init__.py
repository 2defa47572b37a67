"""Records that editors write: types, defaults and help texts of fields."""
