"""What an operator can see of the product: logs, metrics, traces, errors. None of it costs a turn anything."""
