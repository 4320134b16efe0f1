"""Solution packs: configuration in readable files, each in a folder of its own."""
