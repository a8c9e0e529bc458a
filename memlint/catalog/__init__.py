"""The folder `rules/`: cards, tables of resources and owners, the checklist."""
