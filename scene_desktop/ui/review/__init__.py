"""A person says which class it is: the walk through unsure photos, and corrections anywhere."""
