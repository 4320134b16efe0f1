"""What happens by itself: the one timer mechanism, and deadlines of stages that stand on it."""
