"""What an operator types: the `edgerad` command, and those commands that take more than a line."""
