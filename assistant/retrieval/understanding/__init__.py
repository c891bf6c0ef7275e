"""What a question asks for: its intent, time, outlets, speakers, and what it takes from the one before."""
