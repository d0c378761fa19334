"""The memory: match statements, judge how they are carried, recall, trace."""
