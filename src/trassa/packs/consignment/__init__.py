"""The pack `consignment`: sale, buy-out and consignment of cars."""
