"""The pack `auto`: contacts, companies, inquiries, cars and sites, shared by every car business."""
