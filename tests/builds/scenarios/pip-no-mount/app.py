import breakfast

print(breakfast.NAME)
