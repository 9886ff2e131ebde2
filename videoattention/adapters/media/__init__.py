"""The media plane: browsers' sound and pictures pass through here, and are recorded when consent admits it."""
