"""People's names: parsing, phonetics, roles."""
