import tea

print(tea.NAME)
