"""What stands on the screens of records, computed once into plain values; templates only write it out."""
