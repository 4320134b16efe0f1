"""What the screens of rights show."""
