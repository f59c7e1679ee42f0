"""What goes out with the code: lock files, the bill of materials, known vulnerabilities."""
