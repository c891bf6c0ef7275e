"""Names of people: parsing, phonetics, roles."""
