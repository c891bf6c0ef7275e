"""The words of each language, in one TOML file per language, and what reads them. ``README.md`` says how to add one."""
