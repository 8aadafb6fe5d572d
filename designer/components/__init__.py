"""What must feel instant in the browser: components with a Python face, built bundles committed beside their sources."""
