"""The parts as processes of one system: started, watched, started again."""
