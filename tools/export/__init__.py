"""Take questions away: flash cards, spreadsheets, learning platforms and paper."""
