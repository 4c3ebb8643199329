"""The embedded engine: renders the staged Quarto book where the quarto command is absent."""
