"""All SQL of the gateway, its files, and the bells that ring when something was committed."""
