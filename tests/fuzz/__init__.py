"""Coverage-guided fuzzing: `make fuzz`. Not part of the tests: it goes on as long as it is let."""
