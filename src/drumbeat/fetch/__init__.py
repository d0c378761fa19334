"""From addresses, files and archives to Articles; the only place that touches the network."""
